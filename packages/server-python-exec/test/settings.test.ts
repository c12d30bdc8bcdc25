import { readSettings } from '@patchbay/server-kit';
import { expect, test } from 'vitest';
import { settings } from '../src/settings.ts';

test('the defaults are those of the README', () => {
  expect(readSettings(settings, [], {})).toEqual({
    workspace: 'patchbay-workspace',
    backend: 'auto',
    python: undefined,
    allowUnsafe: false,
    allowInstall: false,
    containerCli: 'docker',
    containerImage: undefined,
    jupyterUrl: undefined,
    jupyterToken: undefined,
    jupyterKernel: 'python3',
    jupyterFolder: undefined,
    pyodidePackages: undefined,
    packages: ['numpy', 'pandas', 'matplotlib'],
    timeoutMs: 30_000,
    maxTimeoutMs: 600_000,
    memoryMb: 512,
    maxOutputChars: 20_000,
    maxSessions: 4,
    idleMs: 900_000,
  });
});

test.for([
  ['--workspace', '/tmp/*'],
  ['--timeout-ms', '0'],
  ['--timeout-ms', 'soon'],
  ['--backend', 'none'],
  ['--memory-mb', '8'],
  ['--memory-mb', '100000'],
  ['--max-sessions', '0'],
  ['--jupyter-url', 'ftp://somewhere'],
  ['--packages', 'numpy pandas'],
  ['--container-image', '--privileged'],
] as const)('%s %s is refused by name', ([flag, value]) => {
  expect(() => readSettings(settings, [flag, value], {})).toThrow(flag);
});
