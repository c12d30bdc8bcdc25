import { join } from 'node:path';
import type { PatchbayError } from '../errors.ts';
import { fileNotWritten } from '../file-not-written.ts';
import { late, sha256 } from '../late-builtins.ts';
import type { KeptText, ResultStore } from './result-store.ts';
import { ResultsInMemory } from './result-store.ts';

export interface ArtifactOptions {
  /** All that the folder may hold, in bytes; beyond that the oldest files go. Default 256 MiB. */
  readonly maxBytes?: number;
  /** How long a file stays, in milliseconds. Default 30 days. */
  readonly maxAgeMs?: number;
  /** Hears of each file that cannot be written, as `FILE_NOT_WRITTEN`. What it was of is given all the same. */
  readonly onUnwritten?: ((error: PatchbayError) => void) | undefined;
}

const MAX_BYTES = 256 * 1024 * 1024;
const MAX_AGE_MS = 30 * 24 * 3_600_000;
/** After how much of what may be held it is looked at again: each look costs a `stat` of every file. */
const CHECK_SHARE = 0.05;

/** Names of our own making, so that nothing else is ever read or deleted in the folder. */
const HANDLE = /^a[0-9a-f]{16}$/;
const FILE = /^a[0-9a-f]{16}\.[a-z0-9]{2,4}$/;

const ENDINGS: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'application/pdf': 'pdf',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'image/gif': 'gif',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/svg+xml': 'svg',
  'image/webp': 'webp',
  'text/csv': 'csv',
};

/**
 * A folder (0700) of files (0600) that outlive the program: long results, and what tools gave besides text. Several
 * processes may share it: each has names of its own, so that none waits for another. What one keeps twice has one name,
 * by which whoever compares results sees that they are the same. A file that has been deleted meanwhile is gone for
 * whoever asks, and nothing worse.
 */
export class ArtifactFolder implements ResultStore {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  readonly #onUnwritten: ArtifactOptions['onUnwritten'];
  readonly #memory = new ResultsInMemory();
  /** Nobody guesses a name from what it is of. */
  #salt: string | undefined;
  #unchecked = Infinity;

  constructor(folder: string, options: ArtifactOptions = {}) {
    const { maxBytes = MAX_BYTES, maxAgeMs = MAX_AGE_MS, onUnwritten } = options;
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#maxAgeMs = maxAgeMs;
    this.#onUnwritten = onUnwritten;
  }

  async keep(text: string): Promise<KeptText> {
    const handle = this.#handleOf(text);
    const path = await this.#write(`${handle}.txt`, Buffer.from(text));
    return path === undefined ? this.#memory.keep(text) : { handle, path };
  }

  async read(handle: string): Promise<string | undefined> {
    if (!HANDLE.test(handle)) return this.#memory.read(handle);
    return late.files.readFile(join(this.#folder, `${handle}.txt`), 'utf8').catch(() => undefined);
  }

  /** Where the bytes, which come in base64, are kept. `undefined` when they cannot be written. */
  keepBytes(base64: string, mimeType: string): Promise<string | undefined> {
    const ending = ENDINGS[mimeType.split(';')[0]?.trim() ?? ''] ?? 'bin';
    return this.#write(`${this.#handleOf(base64)}.${ending}`, Buffer.from(base64, 'base64'));
  }

  #handleOf(content: string): string {
    this.#salt ??= late.crypto.randomBytes(16).toString('hex');
    return `a${sha256(this.#salt + content).slice(0, 16)}`;
  }

  async #write(name: string, bytes: Buffer): Promise<string | undefined> {
    const path = join(this.#folder, name);
    try {
      await late.files.mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await late.files.writeFile(path, bytes, { mode: 0o600 });
    } catch (error) {
      // A disk that is full or read-only costs the file, not the result.
      this.#onUnwritten?.(fileNotWritten(path, error));
      // Of a disk that was nearly full a part is there.
      await late.files.unlink(path).catch(() => undefined);
      return undefined;
    }
    this.#unchecked += bytes.length;
    // That the folder cannot be tidied costs nobody the file.
    if (this.#unchecked > this.#maxBytes * CHECK_SHARE) await this.#prune(name).catch(() => undefined);
    return path;
  }

  async #prune(newest: string): Promise<void> {
    this.#unchecked = 0;
    const names = (await late.files.readdir(this.#folder)).filter(
      (name) => FILE.test(name) && name !== newest,
    );
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        // Another process may have deleted it by now.
        const { mtimeMs, size } = await late.files.stat(path).catch(() => ({ mtimeMs: 0, size: 0 }));
        return { path, mtimeMs, size };
      }),
    );
    const oldestAllowed = Date.now() - this.#maxAgeMs;
    let left = this.#maxBytes * (1 - CHECK_SHARE) - (await late.files.stat(join(this.#folder, newest))).size;
    for (const { path, mtimeMs, size } of files.toSorted((one, other) => other.mtimeMs - one.mtimeMs)) {
      left -= size;
      if (left < 0 || mtimeMs < oldestAllowed) await late.files.unlink(path).catch(() => undefined);
    }
  }
}
