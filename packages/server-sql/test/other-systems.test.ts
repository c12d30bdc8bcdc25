import { expect, test } from 'vitest';
import type { Database } from '../src/database.ts';
import { openMySqlDatabase } from '../src/mysql/mysql-database.ts';
import type { ProtocolServer, Reply } from './protocol-server.ts';
import { startProtocolServer } from './protocol-server.ts';
import { QUERY_OPTIONS } from './support.ts';

const TIDB = '8.0.11-TiDB-v8.5.3';
const VITESS = '8.4.6-Vitess';
const READS = 'GRANT SELECT ON `shop`.* TO `reader`@`%`';
const WRITES = 'GRANT ALL PRIVILEGES ON *.* TO `root`@`%`';
const NOOP =
  'function READ ONLY has only noop implementation in tidb now, use tidb_enable_noop_functions to enable these functions';

/** How one system answers what matters here; everything else is done without a word. */
interface System {
  readonly version: string;
  readonly grants: readonly string[] | 'not told';
  /** To the statements that make sessions read-only. */
  readonly readOnly: Reply;
  /** To a statement that a session that only reads refuses. */
  readonly writing?: Reply;
  readonly timeLimit?: Reply;
}

function answerAs(system: System): (sql: string) => Reply {
  const { version, grants, readOnly, writing = 'done', timeLimit = 'done' } = system;
  return (sql) => {
    if (sql.startsWith('SELECT VERSION()')) return { row: [version, 'ONLY_FULL_GROUP_BY'] };
    if (sql === 'SHOW GRANTS') {
      return grants === 'not told'
        ? { code: 1105, message: 'VT12001: unsupported: SHOW' }
        : { row: [grants[0] ?? ''] };
    }
    if (sql.includes('READ ONLY')) return readOnly;
    if (sql.startsWith('CREATE DATABASE')) return writing;
    if (sql.includes('_time =')) return timeLimit;
    if (sql === 'SELECT CONNECTION_ID()') return { row: ['8306449708033769879'] };
    return sql.startsWith('SELECT') ? { row: ['7'] } : 'done';
  };
}

function open(server: ProtocolServer, database?: string): Database {
  const login = { host: '127.0.0.1', port: server.port, user: 'someone', password: '', ssl: undefined };
  return openMySqlDatabase({ ...login, database });
}

async function outcomeOf(system: System, database?: string) {
  await using server = await startProtocolServer(system.version, answerAs(system));
  await using opened = open(server, database);
  const run = opened.query('SELECT 7 AS n', QUERY_OPTIONS);
  const outcome = await run.then(
    ({ rows }) => rows,
    (error: unknown) => String(error),
  );
  return { outcome, wasAsked: server.statements.includes('SELECT 7 AS n'), engine: opened.engine };
}

const refused: Reply = { code: 1792, message: 'Cannot execute statement in a READ ONLY transaction.' };
const noop: Reply = { code: 1235, message: NOOP };
const unknownWords: Reply = { code: 1105, message: 'syntax error at position 27' };

test.for<[string, System, string?]>([
  ['TiDB and an account that only reads', { version: TIDB, grants: [READS], readOnly: noop }],
  ['TiDB that takes the words for nothing', { version: TIDB, grants: [READS], readOnly: 'done' }],
  ['Vitess and an account that only reads', { version: VITESS, grants: [READS], readOnly: 'done' }],
  ['Vitess of old', { version: VITESS, grants: [READS], readOnly: unknownWords }],
  ['replicas of Vitess', { version: VITESS, grants: 'not told', readOnly: 'done' }, 'shop@replica'],
  [
    'a server whose sessions prove to read only',
    { version: '8.0.36', grants: [WRITES], readOnly: 'done', writing: refused },
  ],
  [
    'a replica that is read-only itself',
    {
      version: '8.0.36',
      grants: [WRITES],
      readOnly: 'done',
      writing: { code: 1290, message: '--read-only' },
    },
  ],
  [
    'a proxy with no limit of time',
    {
      version: '5.7.1',
      grants: [READS],
      readOnly: 'done',
      timeLimit: { code: 1193, message: 'Unknown system variable' },
    },
  ],
])('%s: a query runs', async ([, system, database]) => {
  expect(await outcomeOf(system, database)).toMatchObject({ outcome: [['7']], wasAsked: true });
});

test.for<[string, System, string?]>([
  ['TiDB refuses sessions that only read', { version: TIDB, grants: [WRITES], readOnly: noop }],
  ['TiDB takes the words for them, and would write', { version: TIDB, grants: [WRITES], readOnly: 'done' }],
  ['TiDB tells of a role alone', { version: TIDB, grants: ['GRANT `team`@`%` TO `u`@`%`'], readOnly: noop }],
  [
    'Vitess takes the words for them, and would write',
    { version: VITESS, grants: [WRITES], readOnly: 'done' },
  ],
  ['Vitess does not tell of rights', { version: VITESS, grants: 'not told', readOnly: 'done' }, 'shop'],
  ['another system takes the words for them', { version: '5.7.32', grants: [WRITES], readOnly: 'done' }],
  [
    'another system denies the account what would prove it',
    {
      version: '5.7.32',
      grants: 'not told',
      readOnly: 'done',
      writing: { code: 1044, message: 'Access denied' },
    },
  ],
])('%s: an account that may write is refused before its query', async ([, system, database]) => {
  const { outcome, wasAsked } = await outcomeOf(system, database);
  expect(outcome).toMatch(/has no sessions that only read, and the account someone (may write|has rights)/);
  expect(wasAsked).toBe(false);
});

test('TiDB is told apart from what it is compatible with', async () => {
  const { engine } = await outcomeOf({ version: TIDB, grants: [READS], readOnly: noop });
  expect(engine).toMatchObject({ name: 'TiDB', version: '8.5.3' });
});

test('a statement on TiDB that runs too long is killed by the number that TiDB has for it', async () => {
  const { promise: never } = Promise.withResolvers<Reply>();
  const answer = answerAs({ version: TIDB, grants: [READS], readOnly: noop });
  await using server = await startProtocolServer(TIDB, (sql) =>
    sql === 'SELECT slow' ? never : answer(sql),
  );
  await using database = open(server);
  const run = database.query('SELECT slow', { ...QUERY_OPTIONS, timeoutMs: 100 });
  await expect(run).rejects.toThrow('stopped after 0.1 s');
  expect(server.statements.at(-1)).toBe('KILL TIDB QUERY 8306449708033769879');
});

test('no connection to a server without read-only sessions waits in a transaction, which would see its own past', async () => {
  await using server = await startProtocolServer(
    TIDB,
    answerAs({ version: TIDB, grants: [READS], readOnly: 'done' }),
  );
  await using database = open(server);
  await database.query('SELECT 1', QUERY_OPTIONS);
  await expect.poll(() => server.statements.includes('(reset)')).toBe(true);
  await database.query('SELECT 2', QUERY_OPTIONS);
  expect(server.statements.filter((sql) => sql.startsWith('START'))).toEqual([]);
});
