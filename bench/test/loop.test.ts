import { expect, test } from 'vitest';
import { instantModel, instantTools, measureRun } from '../loop/measure.ts';

test('what is measured of the loop is a run of as many calls as it is said to be', async () => {
  const shape = { turns: 20, callsPerTurn: 3 };
  const { calls, ms } = await measureRun(instantModel(shape), instantTools(3), shape);
  expect(calls).toBe(60);
  expect(ms).toBeGreaterThan(0);
});
