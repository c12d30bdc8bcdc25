import type { CliArguments } from '../command-line/arguments.ts';
import { EXIT } from '../exit-code.ts';
import { toolJson } from '../render/json.ts';
import { renderTool } from '../render/tool.ts';
import { styleFor } from '../render/style.ts';
import { openCommandSession } from '../session.ts';
import { startForCommand } from '../startup.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';

/** `patchbay tools`: the tools of all servers, and on stderr the servers that have none because they are down. */
export async function toolsCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openCommandSession(args, terminal);
  await startForCommand(session, args, { terminal });
  const tools = session.host.tools.listTools();
  const { stdout } = terminal;
  const style = styleFor(stdout, args.display);
  if (args.output === 'json') lineOfJson(stdout, tools.map(toolJson));
  else for (const tool of tools) line(stdout, renderTool(tool, style));
  if (tools.length === 0) line(terminal.stderr, 'There are no tools.');
  return EXIT.ok;
}
