import { late } from './late-builtins.ts';

/** Marks that reorder or hide text: bidi embeddings, overrides and isolates, zero-width characters, tags. */
const INVISIBLE = /[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu;
const CONTROL = /[^\P{Cc}\n\t]/gu;
/** Nearly all texts, of which nothing has to be taken away. */
const HARMLESS = /^[\x20-\x7e\n\t]*$/;

/**
 * Text from a server or a model, made safe to print: no terminal escapes, no control characters but newline and tab,
 * no invisible or reordering marks. A half of a character, which has providers refuse all that it stands in, is replaced.
 */
export function printable(text: string): string {
  if (HARMLESS.test(text)) return text;
  const whole = late.util.stripVTControlCharacters(text).toWellFormed();
  return whole.replaceAll(INVISIBLE, '').replaceAll(CONTROL, '');
}

/** The beginning and the end of a text that is longer than `maxChars`, with a note of what is left out. */
export function bounded(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const half = Math.floor(maxChars / 2);
  const omitted = text.length - 2 * half;
  // A cut may go through a character that takes two places. The whole would be copied once more.
  const [head, tail] = [text.slice(0, half).toWellFormed(), text.slice(-half).toWellFormed()];
  return `${head}\n[… ${omitted} characters left out …]\n${tail}`;
}
