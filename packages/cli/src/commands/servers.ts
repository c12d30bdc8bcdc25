import type { CliArguments } from '../command-line/arguments.ts';
import { EXIT } from '../exit-code.ts';
import { serverJson } from '../render/json.ts';
import { nameWidth, renderReadiness, renderServer } from '../render/startup.ts';
import { styleFor } from '../render/style.ts';
import { openSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';

/** `patchbay servers`: starts every server and says how each is. Ends with 4 when one is down. */
export async function serversCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openSession(args, terminal);
  const { host } = session;
  const style = styleFor(terminal.stdout, args.display);
  const width = nameWidth(host.servers());
  for await (const status of host.start()) {
    if (args.output !== 'json') line(terminal.stdout, renderServer(status, width, style));
  }
  const servers = host.servers();
  if (args.output === 'json') lineOfJson(terminal.stdout, servers.map(serverJson));
  else line(terminal.stdout, renderReadiness(servers));
  return servers.some(({ state }) => state.kind === 'down') ? EXIT.unreachable : EXIT.ok;
}
