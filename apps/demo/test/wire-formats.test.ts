import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FakeProvider, ProviderMessage } from '@patchbay/testing';
import { startFakeProvider, startMariaDb, startWeatherApi } from '@patchbay/testing';
import mysql from 'mysql2/promise';
import { expect, test } from 'vitest';
import { createDemo } from './support/demo.ts';
import type { Role } from './support/fake-model.ts';
import { modelKnowing } from './support/fake-model.ts';

/** The three wire formats, each spoken by its vendor's SDK. */
const WIRES: readonly {
  readonly api: string;
  readonly env: (provider: FakeProvider) => Readonly<Record<string, string>>;
}[] = [
  { api: 'openai-chat', env: ({ openAiEnv }) => openAiEnv },
  { api: 'openai-responses', env: ({ openAiEnv }) => ({ ...openAiEnv, OPENAI_API: 'responses' }) },
  { api: 'anthropic-messages', env: ({ anthropicEnv }) => anthropicEnv },
];

const call = (name: string, args: object): { name: string; args: object } => ({ name, args });
const python = (code: string): { name: string; args: object } => call('python__run_python', { code });

const ROLES: Readonly<Record<string, Role>> = {
  'Show me all users who registered in 2025.': {
    turns: [() => [call('sql__query', { sql: "SELECT name FROM users WHERE registered_on LIKE '2025-%'" })]],
    answer: ([table = '']) =>
      `users: ${[...table.matchAll(/\| ([A-Z]\w+) \|/g)].map(([, name]) => name).join(' ')}`,
  },
  "Multiply 17 by 23, then save the answer under the key 'magic'.": {
    turns: [
      () => [call('math__multiply', { a: 17, b: 23 }), call('notes__recall', { key: 'nothing' })],
      ([product]) => [call('notes__save', { key: 'magic', value: product })],
    ],
    answer: ([product, missing]) => `saved: ${product}, ${missing?.split(':')[0]}`,
  },
  ...inBothLanguages(['How many tables are there?', '有多少张表?'], {
    turns: [() => [call('sql__list_tables', { database: 'school' })]],
    answer: ([list = '']) => `tables: ${list.split('\n').filter((line) => line.includes('school')).length}`,
  }),
  ...inBothLanguages(['How many rows has this table?', '这张表有多少行?'], {
    turns: [() => [call('sql__query', { sql: 'SELECT COUNT(*) AS n FROM students_scores' })]],
    answer: ([count = '']) => `rows: ${/\| (\d+) \|/.exec(count)?.[1]}`,
  }),
  ...inBothLanguages(['Export this table.', '导出这张表。'], {
    turns: [() => [call('sql__export_csv', { table: 'students_scores', overwrite: true })]],
    answer: ([written = '']) => `exported: ${/\w+\.csv/.exec(written)?.[0]}`,
  }),
  ...inBothLanguages(
    ['Write and run Python that makes ten random numbers.', '编写并运行生成十个随机数的Python。'],
    {
      turns: [() => [python('import random\nlen([random.random() for _ in range(10)])')]],
      answer: ([value = '']) => `numbers: ${value}`,
    },
  ),
  ...inBothLanguages(
    [
      'Run Python that prints the first row of students_scores.csv.',
      '用Python读取students_scores.csv并打印第一行。',
    ],
    {
      turns: [() => [python("import csv\nprint(next(csv.DictReader(open('students_scores.csv')))['name'])")]],
      answer: ([printed = '']) => `first: ${printed.trim()}`,
    },
  ),
  // Two servers in one turn.
  ...inBothLanguages(["What is today's weather in Beijing, and 1 + 2?", '今天北京天气怎么样?1加2呢?'], {
    turns: [
      () => [
        call('weather__get_current_weather', { city: '北京', lang: 'zh' }),
        call('math__add', { a: 1, b: 2 }),
      ],
    ],
    answer: ([told = '', sum]) => `weather: ${told.includes('°C')} ${sum}`,
  }),
};

const RECALL: Readonly<Record<string, Role>> = {
  "What is stored under 'magic'?": {
    turns: [() => [call('notes__recall', { key: 'magic' })]],
    answer: ([value]) => `It is ${value}.`,
  },
};

const ANALYSIS = [
  'tables: 2',
  'rows: 10',
  'exported: students_scores.csv',
  'numbers: 10',
  'first: Student 1',
  'weather: true 3',
];

function inBothLanguages([english, chinese]: readonly [string, string], role: Role): Record<string, Role> {
  return { [english]: role, [chinese]: role };
}

/** Everything is asked in English before it is asked in Chinese. */
const REQUESTS = Object.keys(ROLES).toSorted(
  (one, other) => Number(isChinese(one)) - Number(isChinese(other)),
);

function isChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}

async function fillDatabase(uri: string): Promise<void> {
  const connection = await mysql.createConnection({ uri, multipleStatements: true });
  const scores = Array.from(
    { length: 10 },
    (_, index) => `(${index + 1}, 'Student ${index + 1}', ${60 + index}, 80, 90)`,
  );
  await connection.query(
    `DROP DATABASE IF EXISTS school; CREATE DATABASE school; USE school;
     CREATE TABLE students_scores (student_id INT PRIMARY KEY, name VARCHAR(60), mathematics INT, english INT, computing INT);
     INSERT INTO students_scores VALUES ${scores.join(', ')};
     CREATE TABLE users (name VARCHAR(60), registered_on VARCHAR(10));
     INSERT INTO users VALUES ('Ada', '2025-03-01'), ('Ben', '2024-12-31'), ('Cleo', '2025-12-31')`,
  );
  await connection.end();
}

/** Which calls each result in the last request stands behind: some APIs know that by ids alone. */
function resultIds(messages: readonly ProviderMessage[]): boolean {
  const called = messages.flatMap((message) =>
    message.role === 'assistant' ? message.toolCalls.map(({ id }) => id) : [],
  );
  const answered = messages.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : []));
  return called.length > 0 && JSON.stringify(called) === JSON.stringify(answered);
}

test('one conversation by each wire format asks, calculates, remembers, and analyses data in MySQL, in two languages', async () => {
  await using mariaDb = await startMariaDb();
  await fillDatabase(mariaDb.url);
  await using weather = await startWeatherApi();
  for (const { api, env } of WIRES) {
    await using provider = await startFakeProvider(modelKnowing({ ...ROLES, ...RECALL }));
    await using demo = await createDemo({
      ...env(provider),
      ...weather.env,
      MYSQL_URL: `${mariaDb.url}/school`,
    });
    const config = ['--config', await demo.configOf(['math', 'notes', 'python', 'sql', 'weather'])];
    // The prompt opens before a slow server is there; what is remembered of its tools is offered meanwhile.
    expect(await demo.run(['tools', ...config])).toMatchObject({ code: 0 });
    const input = REQUESTS.map((request) => `${request}\n`).join('');
    const { code, stdout } = await demo.run(['chat', '--yes', ...config], { input });
    expect(provider.problems).toEqual([]);
    expect(code).toBe(0);
    const answers = stdout.split('\n').filter((line) => /^[a-z]+: /.test(line));
    expect(answers).toEqual(['users: Ada Cleo', 'saved: 391, NOT_FOUND', ...ANALYSIS, ...ANALYSIS]);
    // One conversation: the last request carries all that came before, each result with its call.
    const last = provider.requests.at(-1);
    expect(last?.messages.filter(({ role }) => role === 'user')).toHaveLength(REQUESTS.length);
    expect(resultIds(last?.messages ?? [])).toBe(true);
    expect(new Set(provider.requests.map((request) => request.api))).toEqual(new Set([api]));

    const notes = ['--config', await demo.configOf(['notes'])];
    const recall = await demo.run(['-p', "What is stored under 'magic'?", '--yes', ...notes]);
    expect(recall).toMatchObject({ code: 0, stdout: 'It is 391.\n' });
    const csv = await readFile(join(demo.folder, 'data/workspace/students_scores.csv'), 'utf8');
    expect(csv).toMatch(/^student_id,name,/);
  }
  expect(weather.problems).toEqual([]);
}, 300_000);

test.for(WIRES)(
  'a model without function calling uses tools by $api too, beside a server that fails',
  async ({ env }) => {
    await using provider = await startFakeProvider(({ messages }) => {
      const said = messages.filter(({ role }) => role === 'assistant').length;
      const product = /\d{3}/.exec(messages.at(-1)?.text ?? '')?.[0];
      const answers = [
        'I will calculate.\n```json\n{"tool": "math__multiply", "arguments": {"a": 17, "b": 23}}\n```',
        `{"tool": "notes__save", "arguments": {"key": "magic", "value": "${product}"}}`,
        'Saved.',
      ];
      return { kind: 'answer', text: answers[said] ?? '' };
    });
    await using demo = await createDemo({ ...env(provider), PATCHBAY_TOOL_CALLING: 'prompted' });
    const config = await demo.configOf(['math', 'notes'], { gone: { command: 'node', args: ['gone.js'] } });
    const { code, stdout, stderr } = await demo.run([
      '-p',
      'Multiply 17 by 23 and save it.',
      '--yes',
      '--config',
      config,
    ]);
    expect(provider.problems).toEqual([]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Saved.\n' });
    expect(stderr).toMatch(/gone +failed: Error: Cannot find module/);
    expect(stderr).toMatch(/multiply\(a=17, b=23\)[^]*save\(key="magic", value="391"\)/);
    expect(provider.requests.every(({ tools }) => tools.length === 0)).toBe(true);
  },
);
