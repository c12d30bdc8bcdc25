import type { Authorization, AuthorizationProblem } from '../auth/authorization.ts';
import type { TransportConfig } from '../config/host-config.ts';
import { deepestMessage, systemErrorCode } from '../errors.ts';
import { late } from '../late-builtins.ts';
import { printable } from '../untrusted-text.ts';
import { installHint, launchHint } from './launch-hints.ts';
import type { Failure } from './server-state.ts';
import type { ProcessEnd, StdioLaunch } from './stdio-transport.ts';
import { StdioTransport } from './stdio-transport.ts';
import type { Channel } from './wire/message.ts';
import { NoAnswerError, statusOf } from './wire/wire-errors.ts';

const MAX_REASON_CHARS = 300;
const MAX_NOISE_CHARS = 80;

/** Turns what a failed start left behind into the sentence that helps: the server's own words where it has said any. */
export function explainFailure(
  error: unknown,
  transport: TransportConfig,
  process?: StdioTransport,
): Failure {
  if (transport.kind === 'invalid') return { reason: transport.reason, hint: transport.hint };
  if (transport.kind === 'stdio') return explainProcess(error, transport, process);
  return explainHttp(error, transport.url);
}

/** Why a server that was ready is not any more. */
export function explainLoss(channel: Channel): Failure {
  if (channel.problem !== undefined) return { reason: channel.problem };
  const process = channel instanceof StdioTransport ? channel : undefined;
  const end = process?.ended;
  // What it said before it was killed, such as its greeting, is not why.
  const wasKilled = end?.signal === 'SIGKILL' || end?.signal === 'SIGTERM';
  const said = process && (wasKilled ? namedError(process.stderrTail) : lastError(process.stderrTail));
  const reason = end ? `the server ended (${describeEnd(end)})` : 'the connection closed';
  return { reason: said === undefined ? reason : `${reason}: ${said}` };
}

function explainProcess(error: unknown, launch: StdioLaunch, process: StdioTransport | undefined): Failure {
  const refused = explainSpawnError(error, launch);
  if (refused) return refused;
  const said = process ? lastError(process.stderrTail) : undefined;
  const noise = noiseOf(process);
  const hint = noise === undefined ? launchHint(launch) : STDOUT_IS_PROTOCOL;
  if (isTimeout(error)) return { reason: joined('no answer in time', said ?? noise), hint };
  return { reason: said ?? joined(explainSilence(error, process), noise), hint };
}

const STDOUT_IS_PROTOCOL = 'Nothing but protocol may go there: an MCP server logs to stderr.';

function joined(what: string, why: string | undefined): string {
  return why === undefined ? what : `${what}: ${why}`;
}

/** What a server has said where only protocol goes, as `console.log` does. */
function noiseOf(process: StdioTransport | undefined): string | undefined {
  const line = process?.firstNoise;
  if (line === undefined) return undefined;
  return `it wrote ${JSON.stringify(printable(line).slice(0, MAX_NOISE_CHARS))} to stdout`;
}

/** Why a process is of no use that has said nothing on standard error. */
function explainSilence(error: unknown, process: StdioTransport | undefined): string {
  const end = process?.ended;
  if (process?.isDeaf && end?.signal) return 'it does not read its input';
  if (end) return `it ended at once (${describeEnd(end)})`;
  return printable(deepestMessage(error)).slice(0, MAX_REASON_CHARS);
}

function explainSpawnError(
  error: unknown,
  { command, cwd }: Pick<StdioLaunch, 'command' | 'cwd'>,
): Failure | undefined {
  const code = systemErrorCode(error);
  if (code === 'ENOENT') {
    // The system names the command also when it is the folder that is missing.
    if (!late.fileSystem.existsSync(cwd))
      return { reason: `its folder ${cwd} does not exist`, hint: 'Check "cwd".' };
    return { reason: `"${command}" is not on PATH`, hint: installHint(command) };
  }
  if (code === 'ENOTDIR') return { reason: `its folder ${cwd} is no folder`, hint: 'Check "cwd".' };
  if (isShortage(error)) {
    return {
      reason: `this program may start no other process (${code})`,
      hint: 'Start fewer servers, or let it have more open files and processes (ulimit -n, ulimit -u).',
    };
  }
  if (code === 'EACCES') {
    return { reason: `"${command}" may not be run`, hint: 'Make the file executable.' };
  }
  return undefined;
}

/** Whether the system has no more of something, of which there may be some again in a while. */
export function isShortage(error: unknown): boolean {
  return ['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM'].includes(systemErrorCode(error) ?? '');
}

function explainHttp(error: unknown, url: URL): Failure {
  if (refusalOf(error) === 401) {
    return { reason: `${url.host} asks for authorization`, hint: 'Set an "Authorization" header for it.' };
  }
  const status = statusOf(error);
  if (status !== undefined && status >= 300) {
    return { reason: `${url.href} answered HTTP ${status}`, hint: 'Check "url" and "headers".' };
  }
  if (isTimeout(error)) return { reason: `${url.href} gave no answer in time` };
  const code = systemErrorCode(error);
  if (code === 'ECONNREFUSED') {
    return { reason: `nothing listens at ${url.host}`, hint: 'Start that server, then /reconnect.' };
  }
  if (code !== undefined)
    return { reason: `${url.host} cannot be reached (${code})`, hint: 'Check the network and "url".' };
  return { reason: printable(deepestMessage(error)).slice(0, MAX_REASON_CHARS) };
}

/** Lines of a stack, the runtime's name, and where to find help. */
const SAYS_NOTHING = /^(at |Node\.js v\d)|see .{0,40}--help\.?$/i;

/** The line of standard error that says what went wrong: the last `…Error: …`, else the last one that says anything. */
function lastError(stderr: string): string | undefined {
  return namedError(stderr) ?? tellingLines(stderr).at(-1);
}

function namedError(stderr: string): string | undefined {
  return tellingLines(stderr).findLast((line) => /^(\w*(Error|Exception)\b|error\b|fatal\b)/i.test(line));
}

function tellingLines(stderr: string): readonly string[] {
  return printable(stderr)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !SAYS_NOTHING.test(line))
    .map((line) => line.slice(0, MAX_REASON_CHARS));
}

function describeEnd({ code, signal }: ProcessEnd): string {
  return signal === null ? `exit code ${code ?? '?'}` : `killed by ${signal}`;
}

function isTimeout(error: unknown): boolean {
  return error instanceof NoAnswerError;
}

/** The status of a refusal that may be for want of a token. */
export function refusalOf(error: unknown): 401 | 403 | undefined {
  const status = statusOf(error);
  return status === 401 || status === 403 ? status : undefined;
}

/** What the user has to do about a refusal, where it was one for want of a token. */
export function problemBehind(
  error: unknown,
  authorization: Authorization | undefined,
): AuthorizationProblem | undefined {
  return refusalOf(error) === undefined ? undefined : authorization?.problem;
}
