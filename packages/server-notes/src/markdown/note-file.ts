import { createHash } from 'node:crypto';
import type { Note } from '../note.ts';

/** Longest name of one file or folder, in bytes, with room for the ending: 255 on common file systems. */
const MAX_PART_BYTES = 240;

/** What Windows keeps for devices. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;

/** The file of a note, relative to the folder: `trip/paris.md`. What a file name cannot hold is escaped as in a URL. */
export function notePath(key: string): string {
  return `${key.split('/').map(toPart).join('/')}.md`;
}

/** Where its kept versions are: a key may be longer than a path. */
export function historyFolder(key: string): string {
  return `.history/${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

function toPart(text: string): string {
  const escaped = text.replaceAll(/[%<>:"|?*\\\p{Cc}]/gu, (character) => encodeURIComponent(character));
  // Names that hide, lead elsewhere, or are none; and those of devices.
  const named = escaped.replace(/^\.|^$|[. ]$/u, (found) => (found === '' ? '%' : escapeByte(found)));
  const safe = RESERVED.test(named) ? `%${named}` : named;
  if (Buffer.byteLength(safe) <= MAX_PART_BYTES) return safe;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${Array.from(safe).slice(0, 40).join('')}~${hash}`;
}

function escapeByte(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

const FRONT_MATTER = /^---\r?\n(?<head>[^]*?)\r?\n---\r?\n(?:\r?\n)?/u;

/** A note as a Markdown file with front matter that is YAML, and JSON in each of its values. */
export function formatNote({ key, value, tags, version, updatedAt }: Note): string {
  const head = Object.entries({ key, tags, version, updated: updatedAt });
  const lines = head.map(([name, content]) => `${name}: ${JSON.stringify(content)}`);
  return `---\n${lines.join('\n')}\n---\n\n${value}`;
}

/**
 * Reads a file. One that people wrote, without front matter or with another, is a note too: its key is the file's path
 * and its version 1.
 */
export function parseNote(text: string, file: { readonly path: string; readonly changedAt: Date }): Note {
  const match = FRONT_MATTER.exec(text);
  const head = new Map((match?.groups?.['head'] ?? '').split(/\r?\n/u).flatMap(readLine));
  const key = head.get('key');
  const version = head.get('version');
  const updated = head.get('updated');
  return {
    key: typeof key === 'string' && key !== '' ? key : keyOf(file.path),
    value: text.slice(match?.[0].length ?? 0),
    tags: readTags(head.get('tags')),
    version: typeof version === 'number' && Number.isSafeInteger(version) && version > 0 ? version : 1,
    updatedAt: typeof updated === 'string' ? updated : file.changedAt.toISOString(),
  };
}

function readLine(line: string): (readonly [name: string, value: unknown])[] {
  const [, name, value = ''] = /^(key|tags|version|updated):\s*(.*)$/u.exec(line) ?? [];
  return name === undefined ? [] : [[name, readValue(value.trim())]];
}

/** JSON, or plain text as YAML has it. */
function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `["a","b"]`, or `[a, b]` as people write it. */
function readTags(value: unknown): readonly string[] {
  const listed = typeof value === 'string' ? value.replaceAll(/^\[|\]$/gu, '').split(',') : value;
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((tag) => (typeof tag === 'string' && tag.trim() !== '' ? [tag.trim()] : []));
}

function keyOf(path: string): string {
  const name = path.replace(/\.md$/u, '');
  try {
    return decodeURIComponent(name).normalize('NFC');
  } catch {
    return name;
  }
}
