import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Conversation } from './conversation.ts';
import { tryCommand } from './run-command.ts';

/** How an installed server is started. */
export interface Installed {
  readonly bin: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly name: string;
  readonly version: string;
}

export interface ServerFacts {
  readonly problems: readonly string[];
  readonly tools?: number;
  /** What its definitions cost a model, estimated as a quarter of their characters. */
  readonly tokens?: number;
  /** From its start to the first answer. */
  readonly startMs?: number;
  /** What the tool answered: `ok`, or the code of its error where the world outside is needed. */
  readonly answer?: string;
}

interface ToolCall {
  readonly tool: string;
  readonly arguments?: object;
}

interface Report {
  readonly name: string;
  readonly version: string;
  readonly tools?: readonly string[];
  readonly call?: ToolCall;
}

const CLIENT = { name: 'check-publish', version: '1.0.0' };
const LEGACY = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: CLIENT };
const MODERN = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': CLIENT,
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** Starts a server by its bin, as hosts do, and looks at all that they rely on. */
export async function checkServer(server: Installed): Promise<ServerFacts> {
  const problems: string[] = [];
  try {
    const { call } = await selfReport(server, problems);
    if (!call) return { problems: [...problems, '--check makes no call'] };
    const legacy = await converse(server, { call, era: 'legacy' });
    const modern = await converse(server, { call, era: 'modern' });
    problems.push(...legacy.problems, ...modern.problems);
    if (!(await endsWithParent(server))) problems.push('goes on when its parent is killed');
    const { startMs } = legacy;
    return { problems, tools: modern.tools, tokens: modern.tokens, startMs, answer: modern.answer };
  } catch (error) {
    return { problems: [...problems, error instanceof Error ? error.message : String(error)] };
  }
}

/** What `--check` prints, which names a call that is cheap and harmless. It fails where there is no network. */
async function selfReport(server: Installed, problems: string[]): Promise<Report> {
  const { stdout } = await tryCommand([server.bin, '--check'], server);
  const report: Report = JSON.parse(stdout);
  if (report.name !== server.name || report.version !== server.version) {
    problems.push(`--check says ${report.name} ${report.version}`);
  }
  return report;
}

async function converse(
  server: Installed,
  { call, era }: { call: ToolCall; era: 'legacy' | 'modern' },
): Promise<ServerFacts & { readonly tokens: number }> {
  const problems: string[] = [];
  const meta = era === 'modern' ? { _meta: MODERN } : {};
  const start = performance.now();
  await using conversation = new Conversation(server.bin, server);
  if (era === 'modern') await conversation.request('server/discover', meta);
  else await conversation.request('initialize', LEGACY);
  const startMs = Math.round(performance.now() - start);
  if (era === 'legacy') conversation.notify('notifications/initialized');
  const { tools } = await conversation.request('tools/list', meta);
  const listed = Array.isArray(tools) ? tools.length : 0;
  if (listed === 0) problems.push(`${era}: lists no tools`);
  const result = await conversation.request('tools/call', {
    ...meta,
    name: call.tool,
    arguments: call.arguments ?? {},
  });
  const answer = outcomeOf(result);
  if (answer === undefined) problems.push(`${era}: ${call.tool} failed: ${JSON.stringify(result)}`);
  for (const line of conversation.impure) problems.push(`${era}: writes to standard output: ${line}`);
  const code = await conversation.end();
  if (code !== 0) problems.push(`${era}: at the end of its input ${code === undefined ? 'goes on' : code}`);
  return { problems, tools: listed, tokens: Math.round(JSON.stringify(tools).length / 4), startMs, answer };
}

function outcomeOf({
  isError,
  _meta,
}: {
  isError?: unknown;
  _meta?: { 'patchbay/error'?: { code: string } };
}): string | undefined {
  if (isError !== true) return 'ok';
  const code = _meta?.['patchbay/error']?.code;
  return code === 'INTERNAL' ? undefined : code;
}

/** A host that starts the server, says that it runs, and waits to be killed. */
const HOST = `
const child = require('node:child_process').spawn(process.argv[1], { stdio: ['pipe', 'pipe', 'ignore'] });
child.stdout.once('data', () => process.stdout.write(String(child.pid)));
child.stdin.write(process.argv[2] + '\\n');
setInterval(() => undefined, 1000);`;

const PARENT_LIMIT_MS = 10_000;

async function endsWithParent({ bin, cwd, env }: Installed): Promise<boolean> {
  const greeting = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: LEGACY });
  const host = spawn(process.execPath, ['-e', HOST, bin, greeting], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [pid] = await once(host.stdout, 'data');
  host.kill('SIGKILL');
  const deadline = performance.now() + PARENT_LIMIT_MS;
  while (isAlive(Number(pid))) {
    if (performance.now() > deadline) {
      process.kill(Number(pid), 'SIGKILL');
      return false;
    }
    await delay(50);
  }
  return true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that has ended stays in the table until somebody asks for its exit code, which nobody may ever do.
    return process.platform !== 'linux' || !/\) Z /u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
