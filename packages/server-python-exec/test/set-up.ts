import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { Problems } from './what-can-run.ts';
import { findProblems } from './what-can-run.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A cache folder for all test files, so that one snapshot of Pyodide serves them all. */
    readonly cache: string | undefined;
    readonly problems: Problems | undefined;
  }
}

/** Run once before all test files; what it returns runs after them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'patchbay-python-cache-')));
  project.provide('cache', folder);
  project.provide('problems', findProblems());
  return () => rm(folder, { recursive: true, force: true });
}
