import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What tests of containers run with: a program like `docker`, and an image that has Python. */
export interface Containers {
  readonly cli: string;
  readonly image: string;
  readonly remove: () => void;
}

const IMAGE = 'localhost/patchbay-test-python:1';
const PYTHON = '/usr/bin/python3';

/**
 * A real container runtime, Podman, and an image made of this machine's Python and the libraries that it loads: there
 * is no registry of images that every machine can reach.
 *
 * @throws {Error} that says what is missing.
 */
export function prepareContainers(): Containers {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-containers-'));
  try {
    const cli = join(folder, 'podman');
    // Podman asks for limits that an account without the right to raise them cannot have.
    writeFileSync(
      cli,
      `#!/bin/sh\nfirst=$1; shift\n[ "$first" = run ] && set -- --ulimit nproc=1024:1024 "$@"\nexec podman --runtime runc "$first" "$@"\n`,
    );
    chmodSync(cli, 0o755);
    const root = join(folder, 'root');
    makeRoot(root);
    execFileSync('sh', ['-c', `tar -C "$1" -c . | podman import - ${IMAGE}`, 'sh', root], { stdio: 'pipe' });
    execFileSync(
      cli,
      [
        'run',
        '--rm',
        '--pull',
        'never',
        '--ulimit',
        'nofile=256:256',
        '--memory',
        '256m',
        '--network',
        'none',
        IMAGE,
        'python3',
        '-c',
        '',
      ],
      { stdio: 'pipe' },
    );
    rmSync(root, { recursive: true });
    return { cli, image: IMAGE, remove: () => rmSync(folder, { recursive: true, force: true }) };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Python's program, its standard library, and the shared libraries of both. */
function makeRoot(root: string): void {
  for (const name of [
    'usr/bin',
    'usr/lib',
    'usr/lib64',
    'tmp',
    'workspace',
    'proc',
    'dev',
    'sys',
    'etc',
    'run',
  ])
    mkdirSync(join(root, name), { recursive: true });
  for (const name of ['bin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name));
  const python = execFileSync('readlink', ['-f', PYTHON], { encoding: 'utf8' }).trim();
  const library = execFileSync(PYTHON, ['-I', '-c', 'import os; print(os.path.dirname(os.__file__))'], {
    encoding: 'utf8',
  }).trim();
  copyFileSync(python, join(root, 'usr/bin/python3'));
  cpSync(library, join(root, library), { recursive: true, filter: (path) => !path.endsWith('__pycache__') });
  const modules = join(library, 'lib-dynload');
  const binaries = [
    python,
    ...(existsSync(modules) ? readdirSync(modules).map((name) => join(modules, name)) : []),
  ];
  const libraries = new Set(binaries.flatMap(neededBy));
  for (const path of libraries) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(path, join(root, path));
  }
}

function neededBy(binary: string): readonly string[] {
  try {
    const told = execFileSync('/usr/bin/ldd', [binary], { encoding: 'utf8', stdio: 'pipe' });
    return [...told.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
  } catch {
    return [];
  }
}
