import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const module = new URL('../src/new-objects.ts', import.meta.url).href;

/** The space in MiB before, after, and once 64 MiB more have lived on. */
const program = `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { limitNewObjects } from ${JSON.stringify(module)};
  const size = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 1024 / 1024;
  const sizes = [size()];
  limitNewObjects();
  sizes.push(size());
  const alive = [];
  for (let piece = 0; piece < 2000; piece += 1) alive.push(Array(4096).fill(piece));
  sizes.push(size());
  console.log(JSON.stringify({ sizes, alive: alive.length }));
`;

test('new objects get a few MiB at once, and no more however many live on', () => {
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  const { sizes }: { sizes: [number, number, number] } = JSON.parse(printed);
  const [initial, limited, later] = sizes;
  expect({ hasGrown: limited > initial, isSmall: limited <= 16, staysSo: later <= limited }).toEqual({
    hasGrown: true,
    isSmall: true,
    staysSo: true,
  });
});
