import { execFileSync } from 'node:child_process';
import { errorMessage } from '@patchbay/server-kit';

export type Backend = 'pyodide' | 'cpython-bwrap' | 'cpython-landlock';

/** The Python that has Debian's packages, or else the usual one. */
const PYTHONS = ['python3', '/usr/bin/python3'];

/** Asks the kernel for its version of Landlock, which is 3 or more where files are safe from being emptied. */
const LANDLOCK =
  'import ctypes; assert ctypes.CDLL(None).syscall(444, None, 0, 1) >= 3, "Landlock is too old"';

/** Why there is no bubblewrap that works; undefined when there is one. */
export const bwrapProblem: string | undefined = firstProblem([
  ['bwrap', '--unshare-all', '--unshare-user', '--ro-bind', '/', '/', 'true'],
]);
export const landlockProblem: string | undefined = firstProblem(
  PYTHONS.map((python) => [python, '-I', '-c', LANDLOCK]),
);
export const pandasProblem: string | undefined = importProblem('pandas');
export const matplotlibProblem: string | undefined = pandasProblem ?? importProblem('pandas, matplotlib');

/** The sandboxes of this machine's Python that can run here. */
const hostBackends: readonly Backend[] = [
  ...(bwrapProblem === undefined ? (['cpython-bwrap'] as const) : []),
  ...(landlockProblem === undefined ? (['cpython-landlock'] as const) : []),
];

/** The backends whose tests can run here. */
export const backends: readonly Backend[] = ['pyodide', ...hostBackends];

/** What tests of tables and figures run on. */
export const pandasBackends: readonly Backend[] = pandasProblem === undefined ? hostBackends : [];
export const matplotlibBackends: readonly Backend[] = matplotlibProblem === undefined ? hostBackends : [];

function importProblem(modules: string): string | undefined {
  return firstProblem(PYTHONS.map((python) => [python, '-I', '-c', `import ${modules}`]));
}

/** Undefined when one of the commands works; else what the last one said. */
function firstProblem(commands: readonly (readonly [string, ...string[]])[]): string | undefined {
  let problem: string | undefined;
  for (const [program, ...args] of commands) {
    try {
      execFileSync(program, args, { stdio: 'pipe', cwd: '/' });
      return undefined;
    } catch (error) {
      problem = errorMessage(error).trim().split('\n').at(-1);
    }
  }
  return problem;
}
