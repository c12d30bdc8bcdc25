import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Clone } from './clone.ts';

interface Block {
  readonly language: string;
  /** The file that it is the content of, where it is. */
  readonly path: string;
  readonly text: string;
}

/**
 * Does in a copy of the repository what a page of `docs/` says, from top to bottom: `sh` is run, `text` has to be in what the
 * command before it printed, `ts` and `ini` become the file that stands behind the language, `diff` adds its lines behind the one
 * above them. Whatever fails in it, or is none of these, throws.
 *
 * @returns how many blocks there were.
 */
export async function runDocument(
  name: string,
  { clone, adapt = (text) => text }: { clone: Clone; adapt?: (text: string) => string },
): Promise<number> {
  const page = await readFile(join(clone.folder, 'docs', name), 'utf8');
  const blocks = [...page.matchAll(/^```(\w*) ?(.*)\n([^]*?)^```$/gmu)].map(
    ([, language = '', path = '', text = '']): Block => ({ language, path, text: adapt(text) }),
  );
  let printed = '';
  for (const block of blocks) {
    if (block.language === 'sh') printed = await clone.shell(block.text);
    else if (block.language === 'text') expect(printed).toContain(block.text.trim());
    else await change(clone.folder, block);
  }
  return blocks.length;
}

async function change(folder: string, { language, path, text }: Block): Promise<void> {
  if (path === '') throw new Error(`Nothing says what this block is:\n${text}`);
  const file = join(folder, path);
  if (language !== 'diff') return writeFile(file, text);
  const before = await readFile(file, 'utf8');
  const [context = '', ...added] = text.trimEnd().split('\n');
  const line = `${context.slice(1)}\n`;
  expect(before.split(line)).toHaveLength(2);
  await writeFile(
    file,
    before.replace(line, () => line + added.map((each) => `${each.slice(1)}\n`).join('')),
  );
}
