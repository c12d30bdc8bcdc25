// What goes wrong with models for those who are new to it: what they read, what they are told to do, and the exit code.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { DocumentedErrorName, ProviderRequest, ProviderTurn } from '@patchbay/testing';
import { documentedError, startFakeProvider } from '@patchbay/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProject } from './support/cli.ts';
import type { Project } from './support/cli.ts';
import type { ExpectedFailure } from './support/failure.ts';
import { failureOf, told } from './support/failure.ts';

const faults: Record<string, (request: ProviderRequest) => ProviderTurn> = {
  'no-tools': () => ({
    kind: 'http-error',
    status: 400,
    body: { error: { message: 'gemma:2b does not support tools' } },
  }),
  refusal: () => ({ kind: 'answer', stopReason: 'refusal' }),
  filter: () => ({ kind: 'answer', stopReason: 'content_filter' }),
  full: () => ({ kind: 'answer', stopReason: 'model_context_window_exceeded' }),
  cut: ({ api }) => {
    const stopReason = api === 'anthropic-messages' ? 'max_tokens' : 'length';
    return { kind: 'answer', text: 'As far as I', stopReason };
  },
};
const respond = (request: ProviderRequest): ProviderTurn =>
  faults[request.model]?.(request) ??
  documentedError(request, request.model as DocumentedErrorName, { retryAfterSeconds: 0 });

let provider: Awaited<ReturnType<typeof startFakeProvider>>;
let project: Project;
let closedUrl: string;
beforeAll(async () => {
  const documented = [
    'bad-gateway',
    'context-overflow',
    'forbidden',
    'rate-limited',
    'spend-limit',
    'wrong-key',
  ];
  const models = ['gpt-5.5', 'gpt-5.5-mini', ...Object.keys(faults), ...documented];
  provider = await startFakeProvider(respond, { models });
  const key = 'sk-0123456789abcdefghija1B2';
  const { OPENAI_BASE_URL } = provider.openAiEnv;
  const { ANTHROPIC_BASE_URL } = provider.anthropicEnv;
  const settings = { OPENAI_BASE_URL, ANTHROPIC_BASE_URL, OPENAI_API_KEY: key, ANTHROPIC_API_KEY: key };
  const dotenv = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  project = await createProject({}, { '.env': dotenv.join('') });
  const gone = await startFakeProvider(respond);
  await gone[Symbol.asyncDispose]();
  closedUrl = `${gone.url}/v1`;
});
afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const asking = (model: string): readonly string[] => ['-p', 'x', '--model', model];
const rows: readonly ExpectedFailure[] = [
  {
    name: 'a wrong key',
    args: asking('openai/wrong-key'),
    exitCode: 3,
    code: 'MODEL_AUTH',
    says: /✗ OpenAI rejected the key \(HTTP 401, key ending …a1B2\): .*\n {2}→ Check OPENAI_API_KEY in \.env; .* Base URL: http:/,
  },
  {
    name: 'a wrong key behind a proxy',
    args: asking('anthropic/wrong-key'),
    exitCode: 3,
    code: 'MODEL_AUTH',
    says: /✗ Anthropic rejected the key .*invalid x-api-key\n {2}→ Check ANTHROPIC_API_KEY .*set ANTHROPIC_LEGACY=1/,
  },
  {
    name: 'a key that may not use the model',
    args: asking('openai/forbidden'),
    exitCode: 3,
    code: 'MODEL_AUTH',
    says: /✗ OpenAI does not let this key do that \(HTTP 403.*\n {2}→ Check OPENAI_API_KEY/,
  },
  {
    name: 'a model that there is not',
    args: asking('openai/gpt-5.5-midi'),
    exitCode: 3,
    code: 'MODEL_NOT_FOUND',
    says: /✗ OpenAI has no model "gpt-5\.5-midi" at http.*\n {2}→ Name another one with --model\. Close matches: openai\/gpt-5\.5-mini, openai\/gpt-5\.5\./,
  },
  {
    name: 'a conversation that does not fit',
    args: asking('anthropic/context-overflow'),
    exitCode: 1,
    code: 'MODEL_CONTEXT_FULL',
    says: /✗ The conversation no longer fits the model: .*213423 tokens > 200000.*\n {2}→ .*\/compact.*\/clear.*\/export/,
  },
  {
    name: 'a conversation that is full in the middle of an answer',
    args: asking('anthropic/full'),
    exitCode: 1,
    code: 'MODEL_CONTEXT_FULL',
    says: /✗ The conversation no longer fits the model: its context window is full\n {2}→ /,
  },
  {
    name: 'a rate limit that does not pass',
    args: asking('openai/rate-limited'),
    exitCode: 1,
    code: 'MODEL_RATE_LIMITED',
    says: /✗ OpenAI is limiting requests: .*\n {2}→ Wait 0 s, as it asks, use another model, or check your plan\./,
  },
  {
    name: 'no credit at OpenAI',
    args: asking('openai/spend-limit'),
    exitCode: 1,
    code: 'MODEL_NO_CREDIT',
    says: /^✗ No credit left: retrying will not help\. OpenAI says: You exceeded your current quota.*\n {2}→ Check your plan/m,
  },
  {
    name: 'no credit at Anthropic',
    args: asking('anthropic/spend-limit'),
    exitCode: 1,
    code: 'MODEL_NO_CREDIT',
    says: /^✗ No credit left: retrying will not help\. Anthropic says: Your organization has reached its spend limit\n/m,
  },
  {
    name: 'a proxy that answers with a page',
    args: asking('openai/bad-gateway'),
    exitCode: 1,
    code: 'MODEL_OVERLOADED',
    says: /✗ OpenAI answered HTTP 502: 502 Bad Gateway\n {2}→ The trouble is at the provider/,
  },
  {
    name: 'a model without tool calling',
    args: asking('openai/no-tools'),
    exitCode: 1,
    code: 'MODEL_FAILED',
    says: /✗ OpenAI answered HTTP 400: gemma:2b does not support tools\n {2}→ .*PATCHBAY_TOOL_CALLING=prompted/,
  },
  {
    name: 'a refusal',
    args: asking('anthropic/refusal'),
    exitCode: 1,
    code: 'MODEL_FAILED',
    says: /✗ The model refused to answer\n {2}→ Ask in another way/,
  },
  {
    name: 'an answer that was filtered',
    args: asking('openai/filter'),
    exitCode: 1,
    code: 'MODEL_FAILED',
    says: /✗ The model refused to answer\n {2}→ Ask in another way/,
  },
  {
    name: 'no key for the model that was named',
    args: asking('groq/llama'),
    exitCode: 3,
    code: 'MODEL_AUTH',
    says: /✗ Groq needs a key: GROQ_API_KEY is not set\n {2}→ Put GROQ_API_KEY=… into \.env/,
  },
];

test.concurrent.for(rows)('$name', async (row) => {
  expect(await failureOf(project, row)).toEqual(told(row));
});

test('a local server that does not run is named at once', async () => {
  const row = { args: asking('ollama/qwen'), env: { OLLAMA_BASE_URL: closedUrl } };
  const says =
    /✗ Cannot reach Ollama at http:.* \(ECONNREFUSED\)\n {2}→ Is Ollama running\? "ollama serve" starts it\./;
  expect(await failureOf(project, row)).toEqual(told({ exitCode: 4, code: 'MODEL_UNREACHABLE', says }));
});

test('a provider whose certificate nobody vouches for is said to have one', async () => {
  const read = (name: string) =>
    readFile(new URL(`../../server-sql/test/tls/${name}`, import.meta.url), 'utf8');
  const [cert, key] = await Promise.all([read('server.pem'), read('server.key')]);
  const server = createServer({ cert, key });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const env = { OPENAI_BASE_URL: `https://localhost:${port}/v1` };
  const says =
    /✗ Cannot reach OpenAI at https:\S+ \(\w*SIGNATURE\w*\)\n {2}→ Its certificate is not trusted.*NODE_EXTRA_CA_CERTS/;
  const row = { args: asking('openai/m'), env };
  expect(await failureOf(project, row)).toEqual(told({ exitCode: 4, code: 'MODEL_UNREACHABLE', says }));
  server.close();
});

test('in the chat: a model that there is not is chosen with a command of the chat, and an answer that is cut says so', async () => {
  const input = 'x\n/model openai/cut\nx\n';
  const { stdout } = await project.patchbay(['--model', 'openai/gpt-5.5-midi'], { input });
  expect(stdout).toMatch(
    /✗ OpenAI has no model "gpt-5\.5-midi" .*\n {2}→ \/model lists what the server offers\. Close matches: openai\/gpt-5\.5-mini, /,
  );
  expect(stdout).toMatch(/\nAs far as I\nThe answer is not whole: .*\n {2}→ Ask it to go on/);
});

test.concurrent.for(['openai/cut', 'anthropic/cut'])(
  '%s: an answer that is cut says so, in words and as data, and is a failure for --strict alone',
  async (model) => {
    const [words, json, stream, strict] = await Promise.all([
      project.patchbay(asking(model)),
      project.patchbay([...asking(model), '--json']),
      project.patchbay([...asking(model), '--stream-json']),
      project.patchbay([...asking(model), '--strict']),
    ]);
    expect([words.code, json.code, stream.code, strict.code]).toEqual([0, 0, 0, 6]);
    expect(words.stdout).toBe('As far as I\n');
    expect(words.stderr).toMatch(/^The answer is not whole: .*\n {2}→ Ask it to go on/m);
    expect(JSON.parse(json.stdout)).toMatchObject({ answer: 'As far as I', stop: 'length' });
    expect(stream.stdout).toContain('\n{"type":"answer-cut"}\n');
    expect(strict.stderr).toContain('--strict: the answer was cut.');
  },
);

test('a rate limit tells of each new attempt', async () => {
  const { stderr } = await project.patchbay(asking('openai/rate-limited'));
  expect(stderr).toMatch(/→ trying again in 0\.0 s \(1 of 3\); Ctrl-C stops[^]*\(3 of 3\)[^]*✗/);
});
