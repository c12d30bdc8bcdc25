import type { CliArguments } from '../command-line/arguments.ts';
import { EXIT } from '../exit-code.ts';
import { toolJson } from '../render/json.ts';
import { nameWidth, renderServer } from '../render/startup.ts';
import { renderTool } from '../render/tool.ts';
import { styleFor } from '../render/style.ts';
import { openSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';

/** `patchbay tools`: the tools of all servers, and on stderr the servers that have none because they are down. */
export async function toolsCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openSession(args, terminal);
  const { host } = session;
  const width = nameWidth(host.servers());
  for await (const status of host.start()) {
    if (status.state.kind === 'down')
      line(terminal.stderr, renderServer(status, width, styleFor(terminal.stderr, args.display)));
  }
  const tools = host.tools.listTools();
  if (args.output === 'json') {
    lineOfJson(terminal.stdout, tools.map(toolJson));
    return EXIT.ok;
  }
  const style = styleFor(terminal.stdout, args.display);
  for (const tool of tools) line(terminal.stdout, renderTool(tool, style));
  return EXIT.ok;
}
