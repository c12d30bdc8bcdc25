import type { ServerStatus } from '@patchbay/core';
import type { CliArguments } from '../command-line/arguments.ts';
import { EXIT } from '../exit-code.ts';
import { serverJson } from '../render/json.ts';
import { nameWidth, renderReadiness, renderServer } from '../render/startup.ts';
import { styleFor } from '../render/style.ts';
import { openCommandSession } from '../session.ts';
import { startServers } from '../startup.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';

/** `patchbay servers`: starts every server and says how each is. Ends with 4 when one is down. */
export async function serversCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openCommandSession(args, terminal);
  const { host, config } = session;
  const { stdout, interrupted } = terminal;
  const style = styleFor(stdout, args.display);
  const width = nameWidth(host.servers());
  const onSettled = (status: ServerStatus): void => {
    if (args.output !== 'json') line(stdout, renderServer(status, width, style));
  };
  await startServers(host, { onSettled }, interrupted);
  const servers = host.servers();
  if (args.output === 'json') lineOfJson(stdout, servers.map(serverJson));
  else line(stdout, renderReadiness(servers, config.source));
  return servers.some(({ state }) => state.kind === 'down') ? EXIT.unreachable : EXIT.ok;
}
