import type { Host, ToolDefinition, ToolOutcome } from '@patchbay/core';
import { outcomeText, PatchbayError, printable } from '@patchbay/core';
import type { CliArguments } from '../command-line/arguments.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { didYouMean } from '../closest.ts';
import { EXIT } from '../exit-code.ts';
import type { Style } from '../render/style.ts';
import { styleFor } from '../render/style.ts';
import { startNamedServer } from '../started-server.ts';
import { openSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';
import { readToolArguments } from '../tool-arguments.ts';

/** `patchbay call math.multiply a=17 b=23`: starts that server alone and calls one tool of it, without a model. */
export async function callCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  const [target = '', ...pairs] = args.rest;
  if (!target.includes('.'))
    throw new UsageError('call needs <server>.<tool>, for example: call math.add a=1 b=2');
  await using session = await openSession(args, terminal);
  const tool = await findTool(session.host, target);
  const toolArguments = readToolArguments(pairs, args.json, tool.inputSchema);
  const outcome = await session.host.tools.callTool(tool.name, toolArguments, terminal.interrupted);
  if (args.output === 'json') lineOfJson(terminal.stdout, outcome);
  else if (outcome.isError)
    line(terminal.stderr, renderFailed(outcome, styleFor(terminal.stderr, args.display)));
  else line(terminal.stdout, textOf(outcome));
  return outcome.isError ? EXIT.toolError : EXIT.ok;
}

function renderFailed(outcome: ToolOutcome, { bad, signs }: Style): string {
  return `${bad(signs.failed)} ${textOf(outcome)}`;
}

function textOf(outcome: ToolOutcome): string {
  const text = printable(outcomeText(outcome)).trimEnd();
  return text === '' && outcome.isError ? 'The tool failed and gave no reason.' : text;
}

async function findTool(host: Host, target: string): Promise<ToolDefinition> {
  const { server, tools, rest } = await startNamedServer(host, target, '.');
  const found = tools.find(({ tool }) => tool === rest);
  if (found) return found;
  const names = tools.map(({ tool }) => printable(tool));
  throw new PatchbayError('TOOL_NOT_FOUND', `${server} has no tool "${rest}"${didYouMean(rest, names)}`, {
    hint: `It has: ${names.join(', ') || 'none'}.`,
  });
}
