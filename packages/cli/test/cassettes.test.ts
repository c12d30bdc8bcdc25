import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  Cassette,
  FakeProvider,
  McpServerEntries,
  ProviderRequest,
  ProviderTurn,
} from '@patchbay/testing';
import { openCassette, startFakeProvider, startHttpServerProcess } from '@patchbay/testing';
import { expect, test } from 'vitest';
import type { Project } from './support/cli.ts';
import { createProject, fromSource, math, mathMain } from './support/cli.ts';

const PASSWORD = 'correct-horse-battery';
const KEY = 'sk-live-0123456789abcdef';

/** A model that calls two servers at once, then a third time, and repeats a password that it has read. */
function respond({ messages }: ProviderRequest): ProviderTurn {
  const results = messages.filter(({ role }) => role === 'tool').map(({ text }) => text);
  if (results.length === 0) {
    return {
      kind: 'answer',
      text: 'Both at once.',
      toolCalls: [
        { name: 'sql__query', args: { sql: 'SELECT COUNT(*) AS n FROM students_scores' } },
        { name: 'math__multiply', args: { a: 17, b: 23 } },
      ],
    };
  }
  if (results.length === 2)
    return { kind: 'answer', toolCalls: [{ name: 'far__add', args: { a: 1, b: 2 } }] };
  return { kind: 'answer', text: `391 and 3. The password of all this is ${PASSWORD}, I think.` };
}

interface Stack {
  readonly project: Project;
  readonly path: string;
  readonly servers: McpServerEntries;
}

async function record({ path, servers }: Stack, provider: FakeProvider): Promise<Cassette> {
  const { OPENAI_BASE_URL } = provider.openAiEnv;
  const baseUrls = { OPENAI_BASE_URL, ANTHROPIC_BASE_URL: provider.anthropicEnv.ANTHROPIC_BASE_URL };
  return openCassette(path, { mode: 'record', baseUrls, mcpServers: servers, env: { OPENAI_API_KEY: KEY } });
}

function replay({ path, servers }: Stack, options: object = {}): Promise<Cassette> {
  const baseUrls = { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', ANTHROPIC_BASE_URL: 'http://127.0.0.1:1' };
  return openCassette(path, { mode: 'replay', baseUrls, mcpServers: servers, env: {}, ...options });
}

/** What a run gave, but for how long it took. */
async function eventsOf(cassette: Cassette, { project }: Stack, args: readonly string[], env: object = {}) {
  await writeFile(join(project.folder, 'mcp.json'), JSON.stringify({ mcpServers: cassette.mcpServers }));
  const { code, stdout, stderr } = await project.patchbay([...args, '--yes', '--stream-json'], {
    env: { OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: KEY, PATCHBAY_CACHE: 'off', ...cassette.env, ...env },
  });
  const events: Event[] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line, (key, value) => (/^(ms|startMs|since|servers)$/.test(key) ? 0 : value)));
  return { code, stderr, events: events.filter(({ type }) => type !== 'tool-progress').map(inOrder) };
}

interface Event {
  readonly type: string;
  readonly text?: string;
  readonly calls?: readonly { readonly tool: string }[];
}

/** Calls that run at once end in any order, and are summed up in it. */
function inOrder(event: Event): Event {
  const { calls } = event;
  return calls
    ? { ...event, calls: calls.toSorted((one, other) => one.tool.localeCompare(other.tool)) }
    : event;
}

const asking = (model: string) => ['-p', 'How many students, and what is 17 × 23?', '--model', model];

async function createStack(far: URL): Promise<Stack & AsyncDisposable> {
  const project = await createProject({});
  // Without a question for the protocol, which a busy machine may answer too late in one of the runs.
  const settled = { protocol: '2026-07-28', startTimeoutMs: 60_000 };
  const servers = {
    math: { ...math, ...settled },
    sql: { ...fromSource('sql'), ...settled, env: { MYSQL_PASSWORD: PASSWORD, SQL_ENGINE: 'sqlite' } },
    far: { ...settled, url: far.href, headers: { Authorization: `Bearer ${PASSWORD}-too` }, trusted: true },
  };
  const path = join(project.folder, 'cassettes', 'run.json');
  return { project, path, servers, [Symbol.asyncDispose]: () => project[Symbol.asyncDispose]() };
}

test.for([
  ['openai/m', {}],
  ['openai/m', { OPENAI_API: 'responses' }],
  ['anthropic/m', {}],
] as const)('a run with %s %j replays alike with provider and servers gone', async ([model, env]) => {
  const provider = await startFakeProvider(respond, { apiKey: KEY });
  const far = await startHttpServerProcess({ main: mathMain, args: ['--http'] });
  await using stack = await createStack(far.url);
  let recorded;
  {
    await using cassette = await record(stack, provider);
    recorded = await eventsOf(cassette, stack, asking(model), env);
    await cassette.finish();
  }
  expect(provider.problems).toEqual([]);
  expect(recorded.code).toBe(0);
  await provider[Symbol.asyncDispose]();
  await far[Symbol.asyncDispose]();

  const file = await readFile(stack.path, 'utf8');
  for (const secret of [PASSWORD, KEY, 'horse', '0123456789abcdef']) expect(file).not.toContain(secret);

  await using cassette = await replay(stack, { redact: { MYSQL_PASSWORD: PASSWORD } });
  const replayed = await eventsOf(cassette, stack, asking(model), env);
  expect(cassette.departures).toEqual([]);
  await cassette.finish();
  expect(textOf(replayed.events)).toBe(textOf(recorded.events));
  // Calls that run at once end in any order; where a secret was cut in pieces, the pieces are other ones.
  for (const isOne of [isResult, isOther]) {
    expect(replayed.events.filter(isOne).toSorted(byIndex)).toEqual(
      recorded.events.filter(isOne).toSorted(byIndex),
    );
  }
  expect(JSON.stringify(cassette.mcpServers)).not.toMatch(/main\.ts|Bearer|horse/);
});

function textOf(events: readonly Event[]): string {
  return events.flatMap(({ type, text }) => (type === 'text-delta' ? [text] : [])).join('');
}

function isResult({ type }: Event): boolean {
  return type === 'tool-result';
}

function isOther({ type }: Event): boolean {
  return type !== 'tool-result' && type !== 'text-delta';
}

function byIndex(one: Event & { readonly id?: string }, other: Event & { readonly id?: string }): number {
  return isResult(one) && isResult(other) ? String(one.id).localeCompare(String(other.id)) : 0;
}
