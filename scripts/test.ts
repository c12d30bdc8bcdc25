// Runs the tests of every package and prints one line for all of them together: `N passed, N failed`, and
// `, N skipped` where that is so. What has not changed since it last passed is taken from turbo's cache.
// With `--all` also those of `test-extended/`: servers by others, load, whatever takes long by its nature.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const REPORTS = '{packages/*,apps/*,bench}/test-results*.json';
const options = process.argv.slice(2);
const isWhole = options.includes('--all');

for (const stale of globSync(REPORTS, { cwd: root })) rmSync(join(root, stale));
const args = [
  'run',
  'test',
  ...(isWhole ? ['test:extended'] : []),
  '--concurrency=2',
  '--continue=always',
  '--output-logs=new-only',
  ...options.filter((option) => option !== '--all'),
];
const { status } = spawnSync('turbo', args, {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const path of globSync(REPORTS, { cwd: root })) {
  const report: Report = JSON.parse(readFileSync(join(root, path), 'utf8'));
  counts.passed += report.numPassedTests;
  counts.failed += report.numFailedTests;
  counts.skipped += report.numPendingTests + report.numTodoTests;
  for (const { name, status: outcome, message } of report.testResults) {
    if (outcome === 'failed' && message) console.error(`${name}: ${message}`);
  }
}

const isOk = status === 0 && counts.failed === 0 && counts.passed > 0;
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
if (!isOk && counts.failed === 0) console.error('A package could not run its tests: see above.');
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exitCode = isOk ? 0 : 1;

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
  }[];
}
