import type { Host, ToolDefinition, ToolOutcome } from '@patchbay/core';
import { mayOwnTool, outcomeText, PatchbayError, printable } from '@patchbay/core';
import { Cancelled, toldToStop } from '../cancelled.ts';
import type { CliArguments } from '../command-line/arguments.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { didYouMean } from '../closest.ts';
import { EXIT } from '../exit-code.ts';
import { NOTHING } from '../render/call.ts';
import { styleFor } from '../render/style.ts';
import { noServerFor, notStarted, startNamedServer } from '../started-server.ts';
import { starting } from '../startup.ts';
import type { Session } from '../session.ts';
import { openCommandSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';
import { argumentNames, readToolArguments } from '../tool-arguments.ts';

/**
 * `patchbay call math.multiply a=17 b=23`, or `math__multiply` as models know it: starts that server alone and calls one
 * tool of it, without a model.
 */
export async function callCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  const [target = '', ...pairs] = args.rest;
  if (target === '') throw new UsageError('call needs <server>.<tool>, for example: call math.add a=1 b=2');
  await using session = await openCommandSession(args, terminal);
  const tool = await findTool(session.host, target, terminal.interrupted);
  const toolArguments = readToolArguments(pairs, args.json, tool.inputSchema);
  const outcome = await call(session, { tool, toolArguments }, terminal.interrupted);
  const { stdout, stderr } = terminal;
  const { bad, signs } = styleFor(stderr, args.display);
  const text = textOf(outcome);
  const unknown = outcome.isError ? unknownArguments(tool, { given: toolArguments, told: text }) : undefined;
  if (outcome.isError) line(stderr, `${bad(signs.failed)} ${text}`);
  if (unknown !== undefined) line(stderr, `  ${signs.hint} ${unknown}`);
  if (!outcome.isError && text === '') line(stderr, NOTHING);
  else if (!outcome.isError && args.output !== 'json') line(stdout, text);
  if (args.output === 'json') lineOfJson(stdout, outcomeJson(outcome));
  return outcome.isError ? EXIT.toolError : EXIT.ok;
}

/**
 * What may have been misspelt, of a call that failed: tools tell what they miss, and few what they do not know. What they
 * have told needs no saying.
 */
function unknownArguments(
  { inputSchema }: ToolDefinition,
  { given, told }: { given: object; told: string },
): string | undefined {
  const known = argumentNames(inputSchema);
  const named = new Set([...known, ...told.split(/[^\w-]+/)]);
  const unknown = Object.keys(given).filter((name) => !named.has(name));
  if (unknown.length === 0) return undefined;
  return printable(`It has no argument ${unknown.join(', ')}. It has: ${known.join(', ') || 'none'}.`);
}

async function call(
  { host, debugLog }: Session,
  { tool, toolArguments }: { tool: ToolDefinition; toolArguments: Record<string, unknown> },
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const startedAt = performance.now();
  const elapsedMs = (): number => Math.round(performance.now() - startedAt);
  try {
    const outcome = await host.tools.callTool(tool.name, toolArguments, signal);
    debugLog?.write({ type: 'call', tool: tool.name, arguments: toolArguments, outcome, ms: elapsedMs() });
    return outcome;
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new Cancelled(elapsedMs(), toldToStop([printable(`${tool.server} › ${tool.tool}`)]), { cause });
  }
}

/** What a tool failed of is said as that of every other failure, beside what it gave. */
function outcomeJson(outcome: ToolOutcome): object {
  if (!outcome.isError) return outcome;
  return { ...outcome, error: { code: 'TOOL_FAILED', message: textOf(outcome) } };
}

function textOf(outcome: ToolOutcome): string {
  const text = printable(outcomeText(outcome)).trimEnd();
  return text === '' && outcome.isError ? 'The tool failed and gave no reason.' : text;
}

async function findTool(host: Host, target: string, signal: AbortSignal): Promise<ToolDefinition> {
  const servers = host.servers().map(({ server }) => server);
  if (servers.some((server) => target.startsWith(`${server}.`))) return findOwnName(host, target, signal);
  const owners = servers.filter((server) => mayOwnTool(server, target));
  if (owners.length > 0) return findPublicName(host, { name: target, owners }, signal);
  if (target.includes('.')) throw noServerFor(target, servers);
  throw new UsageError(
    'call needs <server>.<tool>, for example: call math.add a=1 b=2, or the name of a tool as models see it',
  );
}

/** `math.multiply` */
async function findOwnName(host: Host, target: string, signal: AbortSignal): Promise<ToolDefinition> {
  const { server, tools, rest } = await startNamedServer(host, { target, separator: '.' }, signal);
  return (
    tools.find(({ tool }) => tool === rest) ??
    noTool(
      server,
      rest,
      tools.map(({ tool }) => tool),
    )
  );
}

/** `math__multiply`: the servers that may have it are started, usually one, until one does. */
async function findPublicName(
  host: Host,
  { name, owners }: { readonly name: string; readonly owners: readonly string[] },
  signal: AbortSignal,
): Promise<ToolDefinition> {
  const names: string[] = [];
  for await (const { server, state, tools } of starting(host, owners, signal)) {
    const found = tools.find((tool) => tool.name === name);
    if (state.kind === 'down') throw notStarted(server, state);
    if (found) return found;
    names.push(...tools.map((tool) => tool.name));
  }
  return noTool(owners.join(' and '), name, names);
}

function noTool(server: string, name: string, names: readonly string[]): never {
  const known = names.map((each) => printable(each));
  throw new PatchbayError('TOOL_NOT_FOUND', `${server} has no tool "${name}"${didYouMean(name, known)}`, {
    hint: `It has: ${known.join(', ') || 'none'}.`,
  });
}
