import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { chooseDatabase } from '../src/settings.ts';
import { main } from './support.ts';
import { CA_FILE } from './tls.ts';

const choose = (settings: Parameters<typeof chooseDatabase>[0] | Record<string, string>) =>
  chooseDatabase({ mysqlPort: 3306, ...settings }, '/data');

test('nothing set means the sample data', () => {
  expect(choose({})).toEqual({ kind: 'sqlite', source: { kind: 'sample' } });
  expect(choose({ mysqlPassword: 'left over' })).toEqual({ kind: 'sqlite', source: { kind: 'sample' } });
});

test.for([
  ['sales.db', '/data/sales.db', 'sales'],
  ['/data/sales 2025.q1.sqlite', '/data/sales 2025.q1.sqlite', 'sales_2025_q1'],
  ['main.db', '/data/main.db', 'main_file'],
  ['数据.db', '/data/数据.db', '__'],
] as const)('the file %s is opened as %s, its database called %s', ([sqlite, path, schema]) => {
  expect(choose({ sqlite })).toEqual({ kind: 'sqlite', source: { kind: 'file', path, schema } });
});

test.for([
  [{ duckdb: 'a.duckdb' }, { kind: 'duckdb', source: { kind: 'file', path: '/data/a.duckdb' } }],
  [{ engine: 'duckdb' }, { kind: 'duckdb', source: { kind: 'workspace' } }],
  [
    { engine: 'duckdb', duckdb: '/b.db', mysqlUrl: 'mysql://h/d', sqlite: 'c.db' },
    { kind: 'duckdb', source: { kind: 'file', path: '/b.db' } },
  ],
  [
    { engine: 'sqlite', mysqlUrl: 'mysql://h/d' },
    { kind: 'sqlite', source: { kind: 'sample' } },
  ],
  [
    { engine: 'sqlite', sqlite: 'c.db', duckdb: 'a.duckdb' },
    { kind: 'sqlite', source: { path: '/data/c.db' } },
  ],
  [
    { engine: 'mysql', sqlite: 'c.db' },
    { kind: 'mysql', login: { host: '127.0.0.1', user: 'root' } },
  ],
  [
    { engine: 'mysql', mysqlUrl: 'mysql://h/d', duckdb: 'a' },
    { kind: 'mysql', login: { host: 'h', database: 'd' } },
  ],
] as const)('%j chooses %j', ([settings, choice]) => {
  expect(choose(settings)).toMatchObject(choice);
});

test.for([
  [
    'mysql://db.example.com',
    { host: 'db.example.com', port: 3306, user: 'root', password: '', database: undefined },
  ],
  [
    'mysql://u%40x:p%3A%2F@[::1]:3307/my%20db',
    { host: '::1', port: 3307, user: 'u@x', password: 'p:/', database: 'my db' },
  ],
  ['mariadb://u:p@h/d?ssl=required', { database: 'd', ssl: { rejectUnauthorized: false } }],
  ['mysql://u:p@h/d?ssl=verify', { ssl: { rejectUnauthorized: true, verifyIdentity: true } }],
  ['mysql://u:p@h/d?ssl=disabled', { ssl: undefined }],
  ['mysql://h/d?sslmode=require', { ssl: { rejectUnauthorized: false } }],
  ['mysql://h/d?ssl-mode=VERIFY_CA', { ssl: { rejectUnauthorized: true, verifyIdentity: false } }],
  ['mysql://h/d?sslmode=verify-full', { ssl: { rejectUnauthorized: true, verifyIdentity: true } }],
] as const)('%s is understood', ([mysqlUrl, login]) => {
  expect(choose({ mysqlUrl })).toMatchObject({ kind: 'mysql', login });
});

test('the parts of a login may be given one by one', () => {
  expect(choose({ mysqlHost: 'h', mysqlUser: 'u', mysqlPassword: 'p', mysqlDatabase: 'd' })).toEqual({
    kind: 'mysql',
    login: { host: 'h', port: 3306, user: 'u', password: 'p', database: 'd', ssl: undefined },
  });
  expect(choose({ mysqlDatabase: 'd' })).toMatchObject({ login: { host: '127.0.0.1', user: 'root' } });
});

test('with a file of certificates the server is checked, whatever else is set', () => {
  const login = { mysqlHost: 'h', sslCa: CA_FILE };
  const ca = readFileSync(CA_FILE, 'utf8');
  const ssl = { rejectUnauthorized: true, verifyIdentity: true, ca };
  expect(choose(login)).toMatchObject({ login: { ssl } });
  const required = { ...ssl, verifyIdentity: false };
  expect(choose({ ...login, sslMode: 'required' })).toMatchObject({ login: { ssl: required } });
  expect(choose({ ...login, sslMode: 'disabled' })).toMatchObject({ login: { ssl: undefined } });
  const mysqlUrl = `mysql://h/d?ssl-ca=${CA_FILE}`;
  expect(choose({ mysqlUrl })).toMatchObject({ login: { ssl } });
});

test('the first of the databases that may be read is the default', () => {
  const login = { host: '127.0.0.1', database: 'a', databases: ['a', 'b'] };
  expect(choose({ mysqlDatabases: 'a, b' })).toMatchObject({ login });
  expect(choose({ mysqlUrl: 'mysql://127.0.0.1/a', mysqlDatabases: 'b,a' })).toMatchObject({
    login: { ...login, databases: ['b', 'a'] },
  });
});

test.for([
  [{ mysqlUrl: 'postgres://u:hunter2@h/d' }, 'expected mysql://'],
  [{ mysqlUrl: 'hunter2' }, 'expected mysql://'],
  [{ mysqlUrl: 'mysql://u:hunter2@h/d?tls=off' }, 'unknown parameter "tls"'],
  [{ mysqlUrl: 'mysql://u:hunter2@h/d?sslmode=maybe' }, 'ssl-mode is disabled, required'],
  [{ mysqlUrl: 'mysql://u:hunter2@h/d', sslCa: 'none.pem' }, '/data/none.pem'],
  [{ mysqlUrl: 'mysql://u:hunter2@h/d', mysqlDatabases: 'a, b' }, '"d" is not among them'],
  [{ mysqlDatabases: ' , ' }, 'is not among them'],
  [{ mysqlUrl: 'mysql://u:hunter2%@h/d' }, 'must be written %25'],
  [{ mysqlUrl: 'mysql://u:hunter2@h/d', sqlite: 'x.db' }, 'Both a MySQL server and an SQLite file'],
  [{ mysqlUrl: 'mysql://u:hunter2@h/d', duckdb: 'x.db' }, 'choose one with --engine'],
  [{ sqlite: 'y.db', duckdb: 'x.db' }, 'choose one with --engine'],
] as const)('%j is refused without showing the password', ([settings, reason]) => {
  const error = (() => {
    try {
      return choose(settings);
    } catch (caught) {
      return caught;
    }
  })();
  expect(error).toMatchObject({ name: 'SettingsError', message: expect.stringContaining(reason) });
  expect(String(error)).not.toContain('hunter2');
});

test.for([
  [['--max-rows', '10001'], '--max-rows'],
  [['--timeout-ms', '0'], '--timeout-ms'],
  [['--max-cell-chars', 'many'], '--max-cell-chars'],
  [['--url', 'mysql://u:hunter2@h/d?x=1'], 'MYSQL_URL'],
  [['--engine', 'postgres'], '--engine'],
  [['--no-such-flag'], '--no-such-flag'],
] as const)('the program refuses %j and ends with 2', async ([args, word]) => {
  const run = promisify(execFile)(process.execPath, [
    '--conditions=@patchbay/source',
    main.pathname,
    ...args,
  ]);
  const error = await run.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(word) });
  expect((error as { stderr: string }).stderr).not.toContain('hunter2');
});
