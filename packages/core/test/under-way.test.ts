import { expect, test } from 'vitest';
import { UnderWay } from '../src/mcp/wire/under-way.ts';

test('what is under way is found by its id until it is done', () => {
  const all = new UnderWay<string>();
  all.set(2 ** 30, 'first');
  all.set(-1, 'without a key');
  all.set('x', 'by name');
  expect([all.get(2 ** 30), all.get(-1), all.get('x'), all.get('toString')]).toEqual([
    'first',
    'without a key',
    'by name',
    undefined,
  ]);
  all.delete(-1);
  expect(all.values().toSorted()).toEqual(['by name', 'first']);
});

test('its size is how many there are, however often one is set or deleted', () => {
  const all = new UnderWay<string>();
  all.set(1, 'a');
  all.set(1, 'b');
  all.delete(2);
  expect([all.size, all.get(1)]).toEqual([1, 'b']);
  all.delete(1);
  all.delete(1);
  expect([all.size, all.values()]).toEqual([0, []]);
});
