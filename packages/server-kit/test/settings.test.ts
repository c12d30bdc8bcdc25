import { expect, test } from 'vitest';
import * as z from 'zod';
import { describeSettings, readSettings, SettingsError } from '../src/index.ts';

const specs = {
  rows: {
    flag: 'max-rows',
    env: 'MAX_ROWS',
    schema: z.coerce.number().int().min(1).default(100),
    description: 'most rows',
  },
  write: {
    flag: 'write',
    env: 'WRITE',
    schema: z.stringbool().default(false),
    isSwitch: true,
    description: 'allow writes',
  },
  url: { flag: 'url', env: 'DB_URL', schema: z.url().optional(), isSecret: true, description: 'database' },
} as const;

const moreSpecs = {
  ...specs,
  as: { flag: 'as', schema: z.enum(['csv', 'json']).optional(), description: 'format' },
  named: {
    flag: 'named',
    schema: z.string().regex(/^\w+$/u, 'must be one word').optional(),
    description: 'name',
  },
} as const;

test('defaults apply, variables beat them, and flags beat variables', () => {
  expect(readSettings(specs, [], {})).toEqual({ rows: 100, write: false, url: undefined });
  expect(readSettings(specs, [], { MAX_ROWS: '5', WRITE: 'true' })).toMatchObject({ rows: 5, write: true });
  expect(
    readSettings(specs, ['--max-rows', '7', '--write'], { MAX_ROWS: '5', WRITE: 'false' }),
  ).toMatchObject({
    rows: 7,
    write: true,
  });
  expect(readSettings(specs, ['--max-rows=8'], {})).toMatchObject({ rows: 8 });
});

test('an empty value counts as not set', () => {
  expect(readSettings(specs, [], { MAX_ROWS: '', WRITE: '', DB_URL: '' })).toEqual({
    rows: 100,
    write: false,
    url: undefined,
  });
  expect(readSettings(specs, ['--max-rows='], {})).toMatchObject({ rows: 100 });
});

test.for([
  [['--max-row', '1'], {}, "Unknown option '--max-row'"],
  [['-x'], {}, "Unknown option '-x'"],
  [['stray'], {}, "Unexpected argument 'stray'"],
  [['--max-rows'], {}, "Option '--max-rows <value>' argument missing"],
  [['--write=yes'], {}, "Option '--write' does not take an argument"],
  [['--max-rows', 'ten'], {}, '--max-rows: must be a number (got "ten")'],
  [['--max-rows', '0'], {}, '--max-rows: must be at least 1 (got "0")'],
  [[], { MAX_ROWS: '1.5' }, 'MAX_ROWS: must be a whole number (got "1.5")'],
  [['--max-rows', '1e99'], {}, '--max-rows: must be at most 9007199254740991 (got "1e99")'],
  [['--as', 'xml'], {}, '--as: must be one of csv, json (got "xml")'],
  [['--named', 'x y'], {}, '--named: must be one word (got "x y")'],
  [[], { WRITE: 'perhaps' }, 'WRITE: '],
] as const)('%j with %j is refused', ([argv, env, message]) => {
  expect(() => readSettings(moreSpecs, argv, env)).toThrow(SettingsError);
  expect(() => readSettings(moreSpecs, argv, env)).toThrow(message);
});

test('a secret is not repeated in the error', () => {
  expect(() => readSettings(specs, [], { DB_URL: 'hunter2' })).toThrow(/^DB_URL: Invalid URL$/);
  expect(() => readSettings(specs, ['--url', 'hunter2'], {})).toThrow(/^--url: Invalid URL$/);
});

test('a required setting that is missing is named', () => {
  const key = { key: { flag: 'key', env: 'API_KEY', schema: z.string(), description: 'the key' } };
  expect(() => readSettings(key, [], {})).toThrow(/^API_KEY: is required$/);
  expect(describeSettings(key)).toBe('  --key <value>  the key (env API_KEY, required)');
});

test('the help shows each flag with its variable and default', () => {
  expect(describeSettings(specs)).toBe(
    [
      '  --max-rows <value>  most rows (env MAX_ROWS, default 100)',
      '  --write             allow writes (env WRITE)',
      '  --url <value>       database (env DB_URL)',
    ].join('\n'),
  );
});

test('names of Object.prototype are no flags and no variables', () => {
  expect(() => readSettings(specs, ['--constructor', 'x'], {})).toThrow(SettingsError);
  expect(() => readSettings(specs, ['--__proto__', 'x'], {})).toThrow(SettingsError);
});
