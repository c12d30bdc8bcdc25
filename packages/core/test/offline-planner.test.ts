import { expect, test } from 'vitest';
import { userMessage } from '../src/model/language-model.ts';
import { offlinePlanner, plannerExamples } from '../src/model/offline/planner.ts';
import type { RunEvent } from '../src/run/run.ts';
import { run } from '../src/run/run.ts';
import type { ToolOutcome } from '../src/tools.ts';
import { textOutcome } from '../src/tools.ts';
import { toolsOf } from './support/fake-tools.ts';

function data(structured: unknown): () => ToolOutcome {
  return () => ({ ...textOutcome('(text)', false), structured });
}

/** Results that no arithmetic gives: whatever the planner says must have come from here. */
const tools = toolsOf({
  multiply: data({ result: 'M' }),
  add: data({ result: 'A' }),
  calculate: data({ result: 'C' }),
  save: data({ key: 'k' }),
  recall: data({ value: 'R' }),
  get_current_weather: data({
    place: { name: 'Beijing' },
    temperature: 3,
    units: { temperature: '°C' },
    condition: { text: 'snow' },
    humidity: 55,
    attribution: 'by someone',
  }),
  list_tables: data({
    tables: [
      { database: 'shop', name: 'orders' },
      { database: 'shop', name: 'customers' },
    ],
  }),
  describe_table: data({
    columns: [
      { name: 'id', type: 'INTEGER' },
      { name: 'registered_on', type: 'DATE' },
    ],
  }),
  query: data({ rows: [[7, 'Ann']], row_count: 1 }),
  export_csv: data({ path: 'students_scores.csv', rows: 10 }),
  search_papers: data({ papers: [{ title: 'P', id: '1' }], total: 9 }),
  search: data({ results: [{ title: 'T' }] }),
  get_summary: data({ title: 'T', summary: 'S', url: 'U', license: 'L' }),
  write_file: data({ path: 'f' }),
  ask_server: data(undefined),
  run_python: data({ value: { repr: '[1, 2]' }, stdout: 'printed\n' }),
});

async function ask(...texts: readonly string[]): Promise<{ calls: [string, unknown][]; answer: string }> {
  const messages = texts.map(userMessage);
  const events: RunEvent[] = await Array.fromAsync(run({ model: offlinePlanner(), tools, messages }));
  return {
    calls: events.flatMap((event) =>
      event.type === 'tool-call' ? [[event.tool?.tool ?? '', event.args]] : [],
    ),
    answer: events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join(''),
  };
}

test.for([
  [
    "Multiply 17 by 23, then save the answer under the key 'magic'.",
    [
      ['multiply', { a: 17, b: 23 }],
      ['save', { key: 'magic', value: 'M' }],
    ],
    '17 × 23 = M, saved under the key "magic".',
  ],
  [
    "把17乘以23,然后把结果保存到键'magic'。",
    [
      ['multiply', { a: 17, b: 23 }],
      ['save', { key: 'magic', value: 'M' }],
    ],
    '17 × 23 = M,已保存到键"magic"。',
  ],
  [
    'Multiply 2 by 3 and store it under key a.b-c.',
    [
      ['multiply', { a: 2, b: 3 }],
      ['save', { key: 'a.b-c', value: 'M' }],
    ],
    '2 × 3 = M, saved under the key "a.b-c".',
  ],
  ['multiply 1.5 by -2', [['multiply', { a: 1.5, b: -2 }]], '1.5 × -2 = M.'],
  ['what is 2 plus 3?', [['add', { a: 2, b: 3 }]], '2 + 3 = A.'],
  ['calculate 2^10 - 1', [['calculate', { expression: '2^10 - 1' }]], '2^10 - 1 = C'],
  ["What is stored under 'magic'?", [['recall', { key: 'magic' }]], 'Under "magic" is stored: R'],
  ["键'magic'下存了什么?", [['recall', { key: 'magic' }]], '键"magic"下存的是:R'],
  [
    "What is today's weather in Beijing?",
    [['get_current_weather', { city: 'Beijing' }]],
    'Beijing: snow, 3 °C, humidity 55 %. (by someone)',
  ],
  [
    '今天北京的天气怎么样?',
    [['get_current_weather', { city: '北京' }]],
    'Beijing现在snow,气温 3 °C,湿度 55%。(by someone)',
  ],
  ['How many tables are there?', [['list_tables', {}]], 'There are 2 tables: shop.orders, shop.customers.'],
  ['数据库里有多少张表?', [['list_tables', {}]], '共有 2 张表:shop.orders, shop.customers'],
  [
    'How many rows has the table students_scores?',
    [['query', { sql: 'SELECT COUNT(*) AS row_count FROM students_scores' }]],
    'The table students_scores has 7 rows.',
  ],
  [
    'students_scores表有多少行?',
    [['query', { sql: 'SELECT COUNT(*) AS row_count FROM students_scores' }]],
    '表 students_scores 有 7 行。',
  ],
  [
    'Export the table students_scores.',
    [['export_csv', { table: 'students_scores', overwrite: true }]],
    'Exported 10 rows to students_scores.csv.',
  ],
  [
    '导出students_scores表。',
    [['export_csv', { table: 'students_scores', overwrite: true }]],
    '已把 10 行导出到 students_scores.csv。',
  ],
  [
    'Write and run Python that makes ten random numbers.',
    [['run_python', { code: 'import random\n[random.randint(1, 100) for _ in range(10)]' }]],
    'Python says: printed\n\n[1, 2]',
  ],
  [
    '用Python生成十个随机数。',
    [['run_python', { code: 'import random\n[random.randint(1, 100) for _ in range(10)]' }]],
    'Python 输出:printed\n\n[1, 2]',
  ],
  [
    "Write 'Hi' to a.txt.",
    [['write_file', { path: 'a.txt', content: 'Hi', overwrite: true }]],
    'Written to f.',
  ],
  [
    "把'你好'写入a.txt。",
    [['write_file', { path: 'a.txt', content: '你好', overwrite: true }]],
    '已写入 f。',
  ],
  [
    'Find papers on arXiv about graph search.',
    [['search_papers', { query: 'graph search', max_results: 3 }]],
    'arXiv has 9:\n- P (arXiv:1)',
  ],
  [
    '维基百科怎么介绍图灵?',
    [
      ['search', { query: '图灵', limit: 1, lang: 'zh' }],
      ['get_summary', { title: 'T', lang: 'zh' }],
    ],
    'S\n(U, L)',
  ],
  [
    'Research graph search in arXiv and Wikipedia.',
    [
      ['ask_server', { server: 'arxiv', query: 'Find papers on arXiv about graph search.' }],
      ['ask_server', { server: 'wikipedia', query: 'What does Wikipedia say about graph search?' }],
    ],
    '(text)\n\n(text)',
  ],
  ['Run Python: 1 + 2', [['run_python', { code: '1 + 2' }]], 'Python says: printed\n\n[1, 2]'],
] as const)('%s', async ([text, calls, answer]) => {
  expect(await ask(text)).toEqual({ calls, answer });
});

test.for(['Show me all users who registered in 2025.', '显示所有在2025年注册的用户。'])(
  '%s is answered by looking at the schema first',
  async (text) => {
    const { calls, answer } = await ask(text);
    expect(calls.map(([name]) => name)).toEqual(['list_tables', 'describe_table', 'query']);
    expect(calls.at(-1)?.[1]).toEqual({
      sql:
        'SELECT * FROM shop.customers WHERE ' +
        "registered_on >= '2025-01-01' AND registered_on < '2026-01-01' ORDER BY registered_on",
    });
    expect(answer).toContain('- 7, Ann');
  },
);

test.for(['Run Python that reads a.csv and prints its first row.', '用Python读取a.csv并打印第一行。'])(
  '%s opens that file',
  async (text) => {
    const { calls } = await ask(text);
    expect(calls).toEqual([['run_python', { code: expect.stringContaining('open("a.csv"') }]]);
  },
);

test('"this table" is the one that was named last, and a question when none was', async () => {
  const { calls } = await ask('Export the table orders.', 'How many rows does this table have?');
  expect(calls).toEqual([['query', { sql: 'SELECT COUNT(*) AS row_count FROM orders' }]]);
  expect(await ask('How many rows does it have?')).toMatchObject({
    calls: [],
    answer: expect.stringMatching(/^Which table\?/),
  });
});

test('a request that no rule knows is answered with what the planner is and what it knows', async () => {
  const { calls, answer } = await ask('Tell me a joke.');
  expect(calls).toEqual([]);
  expect(answer).toContain('not an AI model');
  for (const example of plannerExamples('en')) expect(answer).toContain(example);
});

test.for([...plannerExamples('en'), ...plannerExamples('zh')])(
  'the example %s is recognised',
  async (example) => {
    expect((await ask(example)).calls).not.toEqual([]);
  },
);

test('a tool that fails is reported, never glossed over', async () => {
  const failing = toolsOf({ multiply: () => textOutcome('Server "math" is down: killed', true) });
  const messages = [userMessage('Multiply 17 by 23.')];
  const events = await Array.fromAsync(run({ model: offlinePlanner(), tools: failing, messages }));
  const answer = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
  expect(answer).toBe('The tool failed: Server "math" is down: killed');
});

test('a tool that no server offers is named, and nothing is computed in its place', async () => {
  const messages = [userMessage('Multiply 17 by 23.')];
  const events = await Array.fromAsync(run({ model: offlinePlanner(), tools: toolsOf({}), messages }));
  const answer = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
  expect(answer).toBe('I cannot do that: no connected server offers the tool multiply');
  expect(answer).not.toContain('391');
});
