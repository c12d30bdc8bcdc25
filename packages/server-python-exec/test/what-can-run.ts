import { execFileSync } from 'node:child_process';
import { errorMessage } from '@patchbay/server-kit';

/** Why parts of the machine cannot be tested with; undefined of those that can. */
export interface Problems {
  readonly bwrap: string | undefined;
  readonly landlock: string | undefined;
  readonly pandas: string | undefined;
  readonly matplotlib: string | undefined;
}

/** The Python that has Debian's packages, or else the usual one. */
const PYTHONS = ['python3', '/usr/bin/python3'];

/** Asks the kernel for its version of Landlock, which is 3 or more where files are safe from being emptied. */
const LANDLOCK =
  'import ctypes; assert ctypes.CDLL(None).syscall(444, None, 0, 1) >= 3, "Landlock is too old"';

/** Tries each of them; importing libraries takes a second. */
export function findProblems(): Problems {
  const matplotlib = importProblem('pandas, matplotlib');
  return {
    bwrap: firstProblem([['bwrap', '--unshare-all', '--unshare-user', '--ro-bind', '/', '/', 'true']]),
    landlock: firstProblem(PYTHONS.map((python) => [python, '-I', '-c', LANDLOCK])),
    pandas: matplotlib && importProblem('pandas'),
    matplotlib,
  };
}

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
