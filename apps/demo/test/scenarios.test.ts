import { readdirSync, readFileSync } from 'node:fs';
import { scriptedTurns, startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { createDemo } from './support/demo.ts';
import { modelKnowing } from './support/fake-model.ts';

/** Processes of this machine that were started with `text` in their environment (where /proc tells). */
function processesWith(text: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}

test('Azure OpenAI from .env asks the SQL server who registered in 2025, and every process ends', async () => {
  await using provider = await startFakeProvider(
    modelKnowing({
      'Show me all users who registered in 2025.': {
        turns: [
          () => [
            {
              name: 'sql__query',
              args: {
                sql: "SELECT name FROM customers WHERE registered_on LIKE '2025-%' ORDER BY registered_on",
              },
            },
          ],
        ],
        answer: ([table = '']) =>
          `Found ${table.split('\n').filter((line) => /^\| \w+ \w+ \|/.test(line)).length} users.`,
      },
    }),
  );
  await using demo = await createDemo({ ...provider.azureEnv, AZURE_OPENAI_DEPLOYMENT: 'my-deployment' });
  const { code, stdout, stderr } = await demo.run(['-p', 'Show me all users who registered in 2025.']);
  expect(provider.problems).toEqual([]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Found 16 users.\n' });
  expect(stderr).toContain('azure/my-deployment');
  // The schemas of all servers reached the model, under names that cannot collide.
  const names = provider.requests[0]?.tools.map(({ name }) => name) ?? [];
  expect(names).toEqual(
    expect.arrayContaining(['math__add', 'notes__save', 'python__run_python', 'sql__query']),
  );
  expect(names).toEqual(names.toSorted());
  expect(processesWith(demo.folder)).toEqual([]);
});

test('Claude multiplies, saves under a key, and recalls it in a later run', async () => {
  await using provider = await startFakeProvider(
    modelKnowing({
      "Multiply 17 by 23, then save the answer under the key 'magic'.": {
        turns: [
          () => [
            { name: 'math__multiply', args: { a: 17, b: 23 } },
            { name: 'notes__recall', args: { key: 'nothing' } },
          ],
          ([product]) => [{ name: 'notes__save', args: { key: 'magic', value: product } }],
        ],
        answer: ([product, missing]) => `${product} is saved. Before: ${missing?.split('\n')[0]}`,
      },
      "What is stored under 'magic'?": {
        turns: [() => [{ name: 'notes__recall', args: { key: 'magic' } }]],
        answer: ([value]) => `It is ${value}.`,
      },
    }),
  );
  await using demo = await createDemo(provider.anthropicEnv);
  const first = await demo.run(['-p', "Multiply 17 by 23, then save the answer under the key 'magic'."]);
  expect(provider.problems).toEqual([]);
  expect(first).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^391 is saved\. Before: NOT_FOUND: .*not found/),
  });
  // Each result is tied to the id of its call, and the one that failed is marked.
  const [, calls, product, missing] = provider.requests[1]?.messages ?? [];
  const ids = calls?.role === 'assistant' ? calls.toolCalls.map(({ id }) => id) : [];
  expect([product, missing]).toMatchObject([
    { role: 'tool', toolCallId: ids[0], text: '391', isError: false },
    { role: 'tool', toolCallId: ids[1], isError: true },
  ]);

  const second = await demo.run(['-p', "What is stored under 'magic'?"]);
  expect(second).toMatchObject({ code: 0, stdout: 'It is 391.\n' });
});

test('Claude is stopped at the limit of turns and says how far it came', async () => {
  await using provider = await startFakeProvider(({ body, messages }) =>
    body['tool_choice'] === undefined
      ? { kind: 'answer', toolCalls: [{ name: 'math__add', args: { a: messages.length, b: 1 } }] }
      : { kind: 'answer', text: 'I kept adding.' },
  );
  await using demo = await createDemo(provider.anthropicEnv);
  const { code, stdout, stderr } = await demo.run(['-p', 'Never stop.']);
  expect(provider.problems).toEqual([]);
  expect({ code, stdout }).toEqual({ code: 6, stdout: 'I kept adding.\n' });
  expect(stderr).toContain('Stopped: 8 turns');
});

test('a model without function calling answers with a JSON object, beside a server that fails', async () => {
  await using provider = await startFakeProvider(
    scriptedTurns([
      {
        kind: 'answer',
        text: 'I will calculate.\n```json\n{"tool": "math__multiply", "arguments": {"a": 17, "b": 23}}\n```',
      },
      ({ messages }) => ({
        kind: 'answer',
        text: `{"tool": "notes__save", "arguments": {"key": "magic", "value": "${/\d{3}/.exec(messages.at(-1)?.text ?? '')?.[0]}"}}`,
      }),
      { kind: 'answer', text: 'Saved.' },
    ]),
  );
  await using demo = await createDemo({
    GROQ_API_KEY: 'k',
    GROQ_BASE_URL: `${provider.url}/openai/v1`,
    PATCHBAY_MODEL: 'groq/llama-without-tools',
    PATCHBAY_TOOL_CALLING: 'prompted',
  });
  const config = await demo.configWith(
    'packages/server-weather/src/main.ts',
    'packages/server-weather/src/gone.ts',
  );
  const { code, stdout, stderr } = await demo.run([
    '-p',
    "Multiply 17 by 23 and save it as 'magic'.",
    '--yes',
    '--config',
    config,
  ]);
  expect(provider.problems).toEqual([]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Saved.\n' });
  expect(stderr).toMatch(/✗ weather +failed: Error: Cannot find module/);
  expect(stderr).toMatch(/● math › multiply\(a=17, b=23\)[^]*● notes › save\(key="magic", value="391"\)/);
  expect(provider.requests.every(({ tools }) => tools.length === 0)).toBe(true);
});
