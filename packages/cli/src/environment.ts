import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '@patchbay/core';
import { PatchbayError } from '@patchbay/core';
import { readIfThere } from './read-if-there.ts';

const FILE = '.env';
const MAX_NAMED_LINES = 5;

/**
 * The variables of the process over those of the `.env` in `folder`, which may be missing.
 *
 * @throws {PatchbayError} `CONFIG_NOT_FOUND` when it cannot be read.
 */
export async function readEnvironment(env: Environment, folder: string): Promise<Environment> {
  return { ...parseEnv(await readFile(folder)), ...env };
}

/**
 * Which lines of the `.env` in `folder` set nothing and are no comments, as a sentence; `undefined` where there are none.
 * What stands in them is not told: it may be a key.
 */
export async function describeIgnoredLines(folder: string): Promise<string | undefined> {
  const lines = ignoredLines(await readFile(folder));
  if (lines.length === 0) return undefined;
  const named = lines.slice(0, MAX_NAMED_LINES).map((line) => `${FILE}:${line}`);
  const more = lines.length > named.length ? ` and ${lines.length - named.length} more` : '';
  return `Ignored, because it is not of the form NAME=value: ${named.join(', ')}${more}. A comment begins with #.`;
}

/** The numbers, from 1, of lines that `parseEnv` passes over. A value in quotes may have several lines. */
function ignoredLines(text: string): number[] {
  const skeleton = text.replaceAll(
    /^[ \t]*#.*$|^([^=\n]*=)\s*(["'`])[^]*?\2/gm,
    (all, name: string | undefined) => (name ?? '') + all.replaceAll(/[^\n]/g, ''),
  );
  return skeleton.split('\n').flatMap((line, index) => (/^\s*($|#)|[^\s=].*=/.test(line) ? [] : [index + 1]));
}

async function readFile(folder: string): Promise<string> {
  try {
    return (await readIfThere(join(folder, FILE))) ?? '';
  } catch (error) {
    // A virtual environment of Python is often called so.
    const cause = error instanceof PatchbayError ? error.cause : undefined;
    if (cause instanceof Error && 'code' in cause && cause.code === 'EISDIR') return '';
    throw error;
  }
}
