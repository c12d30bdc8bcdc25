import { closeSync, fstatSync, openSync, read as readCallback } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { SnapshotFile } from '../protocol.ts';
import { hashOf } from '../snapshot-hash.ts';

const read = promisify(readCallback);

/** All of a file by one read, on another thread: it is large, and this one has Pyodide's code to compile. */
export async function readSnapshot({ path }: SnapshotFile): Promise<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(fstatSync(file).size);
    const { bytesRead } = await read(file, bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    closeSync(file);
  }
}

/** @throws {Error} when the file does not hold what was saved. Until this has resolved, no code may run. */
export async function checkSnapshot(
  reading: Promise<Uint8Array>,
  { path, hash }: SnapshotFile,
): Promise<void> {
  const bytes = await reading;
  // By then other threads compile WebAssembly, and this one has nothing to do.
  await nextTurn();
  if (hashOf(bytes) !== hash) throw new Error(`${path} is damaged`);
}
