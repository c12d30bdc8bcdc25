import { expect, test } from 'vitest';
import { cursorInput, cursorsOf } from '../src/index.ts';

test.for(['', 'key/1', 'a:b', '736|0|Turing_test', '笔记/🧮', 'x'.repeat(1024)])(
  'a cursor leads back to its position (%s)',
  (position) => {
    const cursors = cursorsOf(['list', { prefix: 'a' }, undefined]);
    const written = cursors.write(position);
    expect(cursorInput.parse(written)).toBe(written);
    expect(cursors.read(written)).toBe(position);
  },
);

test('the start has no cursor, and neither has the end', () => {
  expect(cursorsOf([]).read(undefined)).toBeUndefined();
  expect(cursorsOf([]).write(undefined)).toBeUndefined();
});

const cursor = cursorsOf(['list', 'a', undefined]).write('key/1') ?? '';

test.for([
  ['of another tool', ['find', 'a', undefined], cursor],
  ['of other arguments', ['list', 'b', undefined], cursor],
  ['of fewer arguments', ['list', 'a'], cursor],
  ['moved on by hand', ['list', 'a', undefined], cursor.replace('key/1', 'key/2')],
  ['cut off', ['list', 'a', undefined], cursor.slice(0, -1)],
  ['without its check', ['list', 'a', undefined], 'key/1'],
  ['empty', ['list', 'a', undefined], ''],
] as const)('a cursor %s is refused with a code and what to do', ([, query, sent]) => {
  expect(() => cursorsOf(query).read(sent)).toThrow(
    expect.objectContaining({ code: 'INVALID_CURSOR', hint: expect.stringContaining('next_cursor') }),
  );
});
