import { fileURLToPath } from 'node:url';

/** The file descriptors on which the runner answers and is asked. Nothing that Python prints can get there. */
export const REPLY_FD = 3;
export const REQUEST_FD = 4;

/** Folder of the Python package that serves calls. The same for the sources and the build: dist is a sibling of src. */
export const GUEST_PACKAGE: string = fileURLToPath(
  new URL('../../src/cpython/patchbay_guest', import.meta.url),
);
/** The folder that Python finds that package in. */
export const GUEST_PARENT: string = fileURLToPath(new URL('../../src/cpython', import.meta.url));

/** Arguments with which Python serves calls. `parent` is where it finds the package. */
export function guestArguments(parent: string): readonly string[] {
  // A string of JSON is one of Python's too.
  const start = `import sys; sys.path.insert(0, ${JSON.stringify(parent)}); import patchbay_guest.runner`;
  return ['-I', '-B', '-X', 'utf8', '-c', start];
}

export interface GuestPlaces {
  /** A folder that may be written to and is gone after the session. */
  readonly temporary: string;
  readonly workspace: string;
}

/** What code finds in its environment, and all of it. Libraries that start a thread a core would break memory limits. */
export function guestEnvironment({ temporary, workspace }: GuestPlaces): Readonly<Record<string, string>> {
  return {
    HOME: temporary,
    LANG: 'C.UTF-8',
    PATH: '/usr/bin',
    PWD: workspace,
    TMPDIR: temporary,
    MPLBACKEND: 'Agg',
    MPLCONFIGDIR: temporary,
    XDG_CACHE_HOME: temporary,
    OPENBLAS_NUM_THREADS: '1',
    OMP_NUM_THREADS: '1',
    MALLOC_ARENA_MAX: '2',
  };
}

/** Parts of the system that Python and its packages read. */
export const SYSTEM_FOLDERS: readonly string[] = ['/usr', '/lib', '/lib32', '/lib64', '/bin'];
export const SYSTEM_FILES: readonly string[] = [
  '/etc/ld.so.cache',
  '/etc/alternatives',
  '/etc/matplotlibrc',
  '/etc/fonts',
];

/** What keeps the code in: `namespaces` were made around Python; it puts itself behind `landlock`. */
export type Walls =
  | { readonly walls: 'namespaces' }
  | {
      readonly walls: 'landlock';
      readonly parent: number;
      /** Files and folders; those that are not there are passed over. */
      readonly readable: readonly string[];
      readonly writable: readonly string[];
    }
  | { readonly walls: 'none'; readonly parent: number };

/** The first line to a runner: what it gives up before it serves calls. */
export type GuestOrder = Walls & {
  /** Where Python finds the workspace. */
  readonly workspace: string;
  /** A folder of packages that were installed, which may not be there yet. */
  readonly packages?: string;
  readonly memoryBytes: number;
  /** Largest file that code can write, in bytes. */
  readonly maxFileBytes: number;
  /** How much each of stdout, stderr and a value's repr may be, in characters. */
  readonly maxOutputChars: number;
};
