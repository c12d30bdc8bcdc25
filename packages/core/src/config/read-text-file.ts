import { readFile } from 'node:fs/promises';

/**
 * The text of a file that a person wrote: UTF-8, or UTF-16 where its first bytes say so, which is what `>` makes of it in
 * Windows PowerShell. The mark at the beginning, which editors there add unseen, is no part of the text.
 *
 * @throws What Node throws when the file cannot be read.
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path);
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
