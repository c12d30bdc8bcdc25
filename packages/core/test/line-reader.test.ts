import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineReader } from '../src/mcp/wire/line-reader.ts';

test('lines come out whole however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(20)), (texts, cuts) => {
      const lines = texts.map((text) => text.replaceAll('\n', ''));
      let rest = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const reader = new LineReader(1_000_000);
      const read: string[] = [];
      for (const cut of [...cuts, rest.length]) {
        read.push(...reader.read(rest.subarray(0, cut)));
        rest = rest.subarray(cut);
      }
      expect(read).toEqual(lines);
    }),
  );
});

test('a line over the limit is refused', () => {
  const reader = new LineReader(10);
  reader.read(Buffer.from('12345678'));
  expect(() => reader.read(Buffer.from('9012'))).toThrow('A message is longer than 10 bytes');
});
