import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptedTurns, startFakeProvider, startMariaDb, startWeatherApi } from '@patchbay/testing';
import mysql from 'mysql2/promise';
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

test('OpenAI by its Responses API multiplies and saves, and is sent the conversation whole', async () => {
  await using provider = await startFakeProvider(
    modelKnowing({
      "Multiply 17 by 23 and save it as 'magic'.": {
        turns: [
          () => [{ name: 'math__multiply', args: { a: 17, b: 23 } }],
          ([product]) => [{ name: 'notes__save', args: { key: 'magic', value: product } }],
        ],
        answer: ([product]) => `${product} is saved.`,
      },
    }),
  );
  await using demo = await createDemo({ ...provider.openAiEnv, OPENAI_API: 'responses' });
  const { code, stdout } = await demo.run(['-p', "Multiply 17 by 23 and save it as 'magic'."]);
  expect(provider.problems).toEqual([]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '391 is saved.\n' });
  expect(provider.requests.map(({ api, body }) => [api, body['store']])).toEqual(
    Array.from({ length: 3 }, () => ['openai-responses', false]),
  );
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

test(
  'an OpenAI-compatible model analyses data in MySQL over several requests, in English and Chinese',
  { timeout: 90_000 },
  async () => {
    await using mariaDb = await startMariaDb();
    const connection = await mysql.createConnection({ uri: mariaDb.url, multipleStatements: true });
    const rows = Array.from(
      { length: 10 },
      (_, index) => `(${index + 1}, 'Student ${index + 1}', ${60 + index}, 80, 90)`,
    );
    await connection.query(
      `DROP DATABASE IF EXISTS school; CREATE DATABASE school; USE school;
     CREATE TABLE students_scores (student_id INT PRIMARY KEY, name VARCHAR(60), mathematics INT, english INT, computing INT);
     INSERT INTO students_scores VALUES ${rows.join(', ')}`,
    );
    await connection.end();
    await using weather = await startWeatherApi();

    const askTables = {
      turns: [() => [{ name: 'sql__list_tables', args: { database: 'school' } }]],
      answer: ([list = '']: readonly string[]) =>
        `tables: ${list.split('\n').filter((line) => line.includes('school')).length}`,
    };
    const askRows = {
      turns: [() => [{ name: 'sql__query', args: { sql: 'SELECT COUNT(*) AS n FROM students_scores' } }]],
      answer: ([count = '']: readonly string[]) => `rows: ${/\| (\d+) \|/.exec(count)?.[1]}`,
    };
    const exportTable = {
      turns: [() => [{ name: 'sql__export_csv', args: { table: 'students_scores', overwrite: true } }]],
      answer: ([written = '']: readonly string[]) => `exported: ${/\w+\.csv/.exec(written)?.[0]}`,
    };
    const random = {
      turns: [
        () => [
          {
            name: 'python__run_python',
            args: { code: 'import random\nlen([random.random() for _ in range(10)])' },
          },
        ],
      ],
      answer: ([value = '']: readonly string[]) => `numbers: ${value}`,
    };
    const firstRow = {
      turns: [
        () => [
          {
            name: 'python__run_python',
            args: { code: "import csv\nprint(next(csv.DictReader(open('students_scores.csv')))['name'])" },
          },
        ],
      ],
      answer: ([printed = '']: readonly string[]) => `first: ${printed.trim()}`,
    };
    // Two servers in one turn.
    const weatherAndSum = {
      turns: [
        () => [
          { name: 'weather__get_current_weather', args: { city: '北京', lang: 'zh' } },
          { name: 'math__add', args: { a: 1, b: 2 } },
        ],
      ],
      answer: ([told = '', sum]: readonly string[]) => `weather: ${told.includes('°C')} ${sum}`,
    };
    const roles = {
      'How many tables are there?': askTables,
      'How many rows has this table?': askRows,
      'Export this table.': exportTable,
      'Write and run Python that makes ten random numbers.': random,
      'Run Python that reads students_scores.csv and prints its first row.': firstRow,
      "What is today's weather in Beijing, and 1 + 2?": weatherAndSum,
      '有多少张表?': askTables,
      '这张表有多少行?': askRows,
      '导出这张表。': exportTable,
      '编写并运行生成十个随机数的Python。': random,
      '用Python读取students_scores.csv并打印第一行。': firstRow,
      '今天北京天气怎么样?1加2呢?': weatherAndSum,
    };
    await using provider = await startFakeProvider(modelKnowing(roles));
    await using demo = await createDemo({
      ...provider.openAiEnv,
      ...weather.env,
      OPENAI_MODEL: 'some-model',
      MYSQL_URL: `${mariaDb.url}/school`,
    });
    // The prompt opens before a slow server is there; what is remembered of its tools is offered meanwhile.
    expect(await demo.run(['tools'])).toMatchObject({ code: 0 });
    const { code, stdout } = await demo.run(['chat'], {
      input: Object.keys(roles)
        .map((request) => `${request}\n`)
        .join(''),
    });
    expect(provider.problems).toEqual([]);
    expect(weather.problems).toEqual([]);
    expect(code).toBe(0);
    const answers = stdout
      .split('\n')
      .filter((line) => /^(tables|rows|exported|numbers|first|weather): /.test(line));
    const expected = [
      'tables: 1',
      'rows: 10',
      'exported: students_scores.csv',
      'numbers: 10',
      'first: Student 1',
      'weather: true 3',
    ];
    expect(answers).toEqual([...expected, ...expected]);
    // One conversation: the last request carries all that came before.
    expect(provider.requests.at(-1)?.messages.filter(({ role }) => role === 'user')).toHaveLength(12);
    expect(await readFile(join(demo.folder, 'data/workspace/students_scores.csv'), 'utf8')).toMatch(
      /^student_id,name,/,
    );
  },
);

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
