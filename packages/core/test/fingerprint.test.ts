import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprint } from '../src/fingerprint.ts';

test('a fingerprint is always as long, and another for another text', () => {
  const known = new Map<string, string>();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const print = fingerprint(text);
      expect(print).toMatch(/^[0-9a-f]{16}$/);
      expect(known.get(print) ?? text).toBe(text);
      known.set(print, text);
    }),
    { numRuns: 5000 },
  );
});
