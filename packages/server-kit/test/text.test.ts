import { expect, test } from 'vitest';
import { nearest, oneLine, plainText, sliceText } from '../src/index.ts';

test('parts put together are the text, for any size, without a broken character', () => {
  const text = 'Ein Satz. 图灵机🧮🧮🧮\n\nNoch ein Satz, länger als der erste. '.repeat(20);
  for (const maxChars of [2, 3, 7, 50, 199, 200, 5000]) {
    let offset: number | undefined = 0;
    let whole = '';
    while (offset !== undefined) {
      const part = sliceText(text, { offset, maxChars });
      expect(part.text.isWellFormed()).toBe(true);
      expect(part.text.length).toBeLessThanOrEqual(maxChars);
      whole += part.text;
      offset = part.nextOffset;
    }
    expect(whole).toBe(text);
  }
});

test('an offset inside a character moves to its start', () => {
  expect(sliceText('🧮!', { offset: 1, maxChars: 200 }).text).toBe('🧮!');
});

test('pieces end with a line where they can, and never within a character', () => {
  expect(sliceText('aaaa\nbbbb\ncccc', { offset: 0, maxChars: 11 })).toEqual({
    text: 'aaaa\nbbbb\n',
    nextOffset: 10,
  });
  expect(sliceText('a\nbbbbbbbbbbbb', { offset: 0, maxChars: 10 })).toEqual({
    text: 'a\nbbbbbbbb',
    nextOffset: 10,
  });
  expect(sliceText('𝒳𝒳𝒳', { offset: 0, maxChars: 3 })).toEqual({ text: '𝒳', nextOffset: 2 });
  expect(sliceText('abc', { offset: 3, maxChars: 3 })).toEqual({ text: '', nextOffset: undefined });
  expect(() => sliceText('abc', { offset: 4, maxChars: 3 })).toThrow(
    expect.objectContaining({ code: 'OFFSET', message: 'The text ends at 3, before 4' }),
  );
});

test('text from outside carries no escapes, no bidi controls and no broken characters', () => {
  expect(plainText('a\u001b[31mb\u202ec\u0000\td\n\ud800')).toBe('a[31mbc\td\n\ufffd');
});

test('as one line it is bounded too', () => {
  expect(oneLine('a\u001b[31mb\u202Ec\nd\ud800')).toBe('a [31mbc d\uFFFD');
  expect(oneLine('x'.repeat(500))).toHaveLength(201);
});

test('the nearest names come first, and strangers not at all', () => {
  const names = ['shopping list', 'shipping', 'recipes', 'a', 'SHOPPING'];
  expect(nearest('shoping', names)[0]).toBe('SHOPPING');
  expect(nearest('shoping', names)).not.toContain('recipes');
  expect(nearest('A', names)).toEqual(['a']);
  expect(nearest('zzz', names)).toEqual([]);
});
