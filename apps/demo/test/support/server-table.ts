import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BadInput, ServerProcess } from '@patchbay/testing';
import { startArxivApi, startServerProcess, startWeatherApi, startWikipediaApi } from '@patchbay/testing';

type Args = Readonly<Record<string, unknown>>;

/** A tool with arguments that it takes, and those it has to refuse beside what its schema rules out. */
interface ToolRow {
  readonly good: Args;
  readonly bad?: readonly BadInput[];
}

export interface ServerRow {
  readonly args?: readonly string[];
  /** Starts what the server asks, if it asks anything; `folder` is its own. */
  readonly world: (
    folder: string,
  ) => Promise<AsyncDisposable & { readonly env: Readonly<Record<string, string>> }>;
  readonly tools: Readonly<Record<string, ToolRow>>;
}

const alone =
  (name: string, file = ''): ServerRow['world'] =>
  async (folder) => ({ env: { [name]: join(folder, file) }, async [Symbol.asyncDispose]() {} });

/** Paths that lead out of a folder, or mean something else on another system. */
const PATHS = [
  '../x',
  '../../etc/passwd',
  '/etc/passwd',
  'a/../../x',
  'C:\\x',
  '\\\\host\\x',
  '~/../x',
  'con',
  'a:b',
  ' ',
];

function paths(argument: string, good: Args): readonly BadInput[] {
  return PATHS.map((path) => ({ what: `${argument}: ${path}`, args: { ...good, [argument]: path } }));
}

function withArgs(good: Args, bad: readonly Args[]): ToolRow {
  return {
    good,
    bad: bad.map((args) => ({ what: JSON.stringify(args).slice(0, 80), args: { ...good, ...args } })),
  };
}

const HUGE = [
  { a: '1e99999' },
  { a: '9'.repeat(10_001) },
  { a: 1e300 },
  { a: '0x10' },
  { a: '' },
  { a: 'NaN' },
];
const OPERATION = withArgs({ a: 1, b: 2 }, HUGE);
const TITLE = ['', ' ', 'a|b', '#x', '<script>', '[[x]]', 'a\nb'].map((title) => ({ title }));
const NO_PLACES = [{ city: ' ' }, { city: ',,' }, { city: 'Qxzq' }];
const SQL = [
  'DROP TABLE students_scores',
  'SELECT 1; SELECT 2',
  '',
  'SELECT',
  "SELECT load_file('/etc/passwd')",
];

/** Every tool of every server. */
export const SERVERS: Readonly<Record<string, ServerRow>> = {
  math: {
    world: alone('UNUSED'),
    tools: {
      add: OPERATION,
      subtract: OPERATION,
      multiply: OPERATION,
      divide: withArgs({ a: 1, b: 2 }, [...HUGE, { b: 0 }, { b: '0.000' }]),
      calculate: withArgs({ expression: '1 + 1' }, [
        { expression: '9^9^9^9' },
        { expression: '('.repeat(1000) },
        { expression: 'process.exit(1)' },
        { expression: 'constructor' },
        { precision: 0 },
        { variables: { x: 'y' } },
        { variables: { 'a b': 1 } },
      ]),
      statistics: withArgs({ values: [1, 2] }, [{ values: [] }, { values: ['1e99999'] }, { quantiles: [2] }]),
      convert_units: withArgs({ value: 1, from: 'm', to: 'km' }, [
        { from: '__proto__' },
        { to: 'kg' },
        { value: '∞' },
      ]),
      solve_linear: withArgs({ matrix: [[2]], vector: [4] }, [
        { matrix: [[0]] },
        { matrix: [[1, 2]] },
        { matrix: [['1e999']] },
        { vector: [] },
      ]),
      number_info: withArgs({ number: 12 }, [{ number: '1e99999' }, { others: [1.5] }, { others: ['x'] }]),
    },
  },
  notes: {
    world: alone('NOTES_DB', 'notes.db'),
    tools: {
      save_note: withArgs({ key: 'k', value: 'v' }, [
        { key: ' ' },
        { key: 'a\nb' },
        { value: '€'.repeat(400_000) },
        { tags: [' '] },
        { tags: ['a\0'] },
        { if_version: 99 },
      ]),
      save: withArgs({ key: 'k', value: 'v' }, [{ key: '\t' }, { value: '€'.repeat(400_000) }]),
      recall_note: withArgs({ key: 'k' }, [{ key: 'gone' }, { version: 99 }, { offset: 99 }]),
      recall: withArgs({ key: 'k' }, [{ key: 'gone' }, { key: '../../etc/passwd' }]),
      search_notes: withArgs({ query: 'v' }, [{ query: ' ' }, { tag: '\n' }]),
      list_notes: withArgs({}, [{ limit: 0 }, { tag: ' ' }]),
      note_history: withArgs({ key: 'k' }, [{ key: 'gone' }]),
      undo_note: withArgs({ key: 'twice' }, [{ key: 'gone' }, { version: 99 }]),
      delete_note: withArgs({ key: 'once' }, [{ key: 'gone' }, { forget: 'yes' }]),
    },
  },
  files: {
    world: alone('PATCHBAY_WORKSPACE', 'workspace'),
    tools: {
      write_file: {
        good: { path: 'a.txt', content: 'text', overwrite: true },
        bad: [
          ...paths('path', { content: 'x' }),
          { what: 'no base64', args: { path: 'b.txt', content: '%%%', encoding: 'base64' } },
          { what: 'a file that is there', args: { path: 'a.txt', content: 'x' } },
        ],
      },
      read_file: { good: { path: 'a.txt' }, bad: paths('path', {}) },
      list_files: { good: {}, bad: [...paths('folder', {}), { what: 'a bad glob', args: { glob: '{' } }] },
      search_files: { good: { query: 'text' }, bad: paths('folder', { query: 'text' }) },
    },
  },
  weather: {
    world: () => startWeatherApi(),
    tools: {
      get_current_weather: withArgs({ city: 'Beijing' }, NO_PLACES),
      get_forecast: withArgs({ city: 'Beijing' }, [...NO_PLACES, { days: 0 }, { days: 17 }]),
      find_place: withArgs({ city: 'Beijing' }, NO_PLACES),
    },
  },
  arxiv: {
    world: () => startArxivApi(),
    tools: {
      search_papers: withArgs({ query: 'attention' }, [
        { query: '' },
        { query: '((' },
        { date_from: '2024-13-40' },
        { categories: ['../x'] },
      ]),
      get_paper: withArgs({ id: '1706.03762' }, [
        { id: '../../etc/passwd' },
        { id: '1' },
        { id: 'http://evil.example/1706.03762' },
      ]),
      read_paper: withArgs({ id: '1706.03762' }, [{ id: '..' }, { offset: 99_999_999 }]),
    },
  },
  wikipedia: {
    world: () => startWikipediaApi(),
    tools: {
      search: withArgs({ query: 'Turing' }, [{ query: ' ' }, { lang: '../en' }, { lang: 'EN!' }]),
      get_summary: withArgs({ title: 'Alan Turing' }, [...TITLE, { lang: 'x.y' }]),
      get_article: withArgs({ title: 'Alan Turing' }, [...TITLE, { section: '99' }, { offset: 9_999_999 }]),
      get_sections: withArgs({ title: 'Alan Turing' }, TITLE),
      get_links: withArgs({ title: 'Alan Turing' }, [...TITLE, { cursor: 'x' }]),
      get_languages: withArgs({ title: 'Alan Turing' }, TITLE),
    },
  },
  sql: {
    world: alone('PATCHBAY_WORKSPACE', 'workspace'),
    tools: {
      query: withArgs(
        { sql: 'SELECT 1' },
        SQL.map((sql) => ({ sql })),
      ),
      explain: withArgs(
        { sql: 'SELECT 1' },
        SQL.map((sql) => ({ sql })),
      ),
      list_tables: withArgs({}, []),
      describe_table: withArgs({ table: 'students_scores' }, [
        { table: 'gone' },
        { table: 'a; DROP TABLE b' },
      ]),
      export_csv: {
        good: { table: 'students_scores', overwrite: true },
        bad: [
          ...paths('file', { table: 'students_scores' }),
          { what: 'no such table', args: { table: 'gone' } },
        ],
      },
    },
  },
  'python-exec': {
    world: alone('PATCHBAY_WORKSPACE', 'workspace'),
    args: ['--backend', 'pyodide'],
    tools: {
      run_python: withArgs({ code: '1 + 1' }, [
        { code: '1 +' },
        { code: 'raise SystemExit(3)' },
        { timeout_ms: 0 },
      ]),
      list_variables: withArgs({}, [{ session: '../x' }]),
      reset_session: withArgs({}, [{ session: 'a b' }]),
      python_info: withArgs({}, []),
    },
  },
};

/** What a server asks, and a folder of its own; `env` leads the server to both. */
export async function startWorld({ world }: ServerRow): ReturnType<ServerRow['world']> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-servers-'));
  const around = await world(folder);
  return {
    env: { ...around.env, ARXIV_CACHE_DIR: folder, XDG_CACHE_HOME: folder },
    async [Symbol.asyncDispose]() {
      await around[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a server of the table with its world. */
export async function startServer(name: string, row: ServerRow): Promise<ServerProcess> {
  const world = await startWorld(row);
  const main = new URL('./main.ts', import.meta.resolve(`@patchbay/server-${name}`));
  const { args } = row;
  const server = await startServerProcess({ main, ...(args && { args }), env: world.env });
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
    },
  };
}
