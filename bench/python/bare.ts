import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How long it takes to start Python and have it answer, and to compute, without any of ours, in milliseconds. */
export interface Bare {
  readonly startMs: number;
  readonly computeMs: number;
}

/** How often each is measured. */
const REPETITIONS = 6;

/** A loop that is Python's own work alone. */
export const COMPUTATION = 'total = 0\nfor i in range(2_000_000): total += i * i\ntotal';

const TIMED = `import time\nstart = time.perf_counter()\n${COMPUTATION}\nprint((time.perf_counter() - start) * 1000)`;

/** `python3 -c`; undefined where there is none. */
export function bareCPython(python: string): Bare | undefined {
  try {
    return {
      startMs: least(() => timed(python, ['-c', 'print(1 + 1)'])),
      computeMs: least(() => printed(python, ['-c', TIMED])),
    };
  } catch {
    return undefined;
  }
}

/** Pyodide in a Node process, as its documentation loads it. */
export function barePyodide(): Bare {
  const program = fileURLToPath(new URL('bare-pyodide.mjs', import.meta.url));
  return {
    startMs: least(() => timed(process.execPath, [program, 'print(1 + 1)'])),
    computeMs: least(() => printed(process.execPath, [program, TIMED])),
  };
}

/** A container that starts Python, as whoever has the image would; without a loop of its own. */
export function bareContainer(cli: string, image: string): Omit<Bare, 'computeMs'> | undefined {
  const args = [
    'run',
    '--rm',
    '--network',
    'none',
    '--ulimit',
    'nofile=256:256',
    '--entrypoint',
    'python3',
    image,
    '-c',
    'print(1 + 1)',
  ];
  try {
    return { startMs: least(() => timed(cli, args)) };
  } catch {
    return undefined;
  }
}

/** The least of some, which other work on the machine disturbs least. */
function least(measure: () => number): number {
  return Math.min(...Array.from({ length: REPETITIONS }, measure));
}

function timed(program: string, args: readonly string[]): number {
  const start = performance.now();
  execFileSync(program, args, { stdio: 'ignore' });
  return performance.now() - start;
}

function printed(program: string, args: readonly string[]): number {
  return Number(execFileSync(program, args, { encoding: 'utf8' }));
}
