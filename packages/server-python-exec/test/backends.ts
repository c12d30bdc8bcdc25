import { inject } from 'vitest';
import type { Problems } from './what-can-run.ts';
import { findProblems } from './what-can-run.ts';

export type Backend = 'pyodide' | 'cpython-bwrap' | 'cpython-landlock';

/** Found once for all test files, where there is a set-up for all. */
export const problems: Problems = inject('problems') ?? findProblems();

/** The sandboxes of this machine's Python that can run here. */
const hostBackends: readonly Backend[] = [
  ...(problems.bwrap === undefined ? (['cpython-bwrap'] as const) : []),
  ...(problems.landlock === undefined ? (['cpython-landlock'] as const) : []),
];

/** The backends whose tests can run here. */
export const backends: readonly Backend[] = ['pyodide', ...hostBackends];

/** What tests of tables and figures run on. */
export const pandasBackends: readonly Backend[] = problems.pandas === undefined ? hostBackends : [];
export const matplotlibBackends: readonly Backend[] = problems.matplotlib === undefined ? hostBackends : [];
