import { expect, test } from 'vitest';
import { backends, problems } from './backends.ts';

// Said here once for the whole package: what is missing has no tests that could be seen as skipped.
const missing = {
  bubblewrap: problems.bwrap,
  Landlock: problems.landlock,
  'pandas or matplotlib': problems.matplotlib,
};
for (const [name, problem] of Object.entries(missing)) {
  if (problem !== undefined) console.warn(`No tests with ${name}: ${problem}`);
}

test('at least the backend that needs nothing is tested', () => {
  expect(backends).toContain('pyodide');
});
