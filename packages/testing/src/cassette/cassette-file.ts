import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isObject, objectsIn, parseOrKeep } from '../json.ts';
import { CassetteError } from './cassette-error.ts';
import type { Exchange } from './exchange.ts';

/** Raised when a file of before could be read in another sense than it was written in. */
const VERSION = 1;
/** Longer values stand on several lines. */
const LINE_CHARS = 140;

/**
 * Reads a cassette.
 *
 * @throws {CassetteError} `CASSETTE_MISSING` or `CASSETTE_INVALID`.
 */
export async function readCassette(path: string): Promise<readonly Exchange[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new CassetteError('CASSETTE_MISSING', `There is no cassette ${path}: record it first.`, { cause });
  }
  const value = parseOrKeep(text);
  if (!isObject(value)) throw invalid(path, 'it is no JSON object, as after a write that was cut off');
  if (value['version'] !== VERSION)
    throw invalid(path, `its version is ${String(value['version'])}, not ${VERSION}`);
  const exchanges: readonly unknown[] = objectsIn(value['exchanges']);
  if (!exchanges.every(isExchange)) throw invalid(path, 'an exchange in it has no kind, channel or request');
  return exchanges;
}

/** Writes a cassette whole or not at all: whatever happens meanwhile, the file is that of before or the new one. */
export async function writeCassette(path: string, exchanges: readonly Exchange[]): Promise<void> {
  const partial = `${path}.${randomUUID()}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(partial, `${print({ version: VERSION, exchanges }, '')}\n`, { mode: 0o600, flush: true });
  await rename(partial, path);
}

function invalid(path: string, why: string): CassetteError {
  return new CassetteError('CASSETTE_INVALID', `${path} is no cassette: ${why}. Record it anew.`);
}

function isExchange(value: unknown): value is Exchange {
  if (!isObject(value) || typeof value['channel'] !== 'string' || !isObject(value['request'])) return false;
  const isMcp = value['kind'] === 'mcp' && Array.isArray(value['reply']);
  return isMcp || (value['kind'] === 'http' && typeof value['request']['path'] === 'string');
}

/** JSON to be read and compared by people: what fits stands on one line, such as an event of a stream. */
function print(value: unknown, indent: string): string {
  const line = JSON.stringify(value);
  if (line.length + indent.length <= LINE_CHARS || typeof value !== 'object' || value === null) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => inner + print(item, inner)).join(',\n')}\n${indent}]`;
  }
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  const printed = fields.map(([key, each]) => `${inner}${JSON.stringify(key)}: ${print(each, inner)}`);
  return `{\n${printed.join(',\n')}\n${indent}}`;
}
