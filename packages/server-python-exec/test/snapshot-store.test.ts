import { createHash } from 'node:crypto';
import { chmod, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSnapshotStore } from '../src/pyodide/snapshot-store.ts';
import { makeFolder } from './python-server.ts';

let folder: string;
let made = 0;
const make = async (): Promise<Uint8Array> => {
  made += 1;
  return new TextEncoder().encode(`snapshot ${made}`);
};
beforeEach(async () => {
  folder = await makeFolder();
  made = 0;
});
afterEach(() => rm(folder, { recursive: true }));

test('a snapshot is made once for all who ask, and found again by the next server', async () => {
  const store = createSnapshotStore({ folder, key: 'k', make });
  const [first, second] = await Promise.all([store.get(), store.get()]);
  expect(second).toEqual(first);
  expect(await createSnapshotStore({ folder, key: 'k', make }).get()).toEqual(first);
  expect(made).toBe(1);
  expect(await readdir(folder)).toHaveLength(1);
});

test('a snapshot is named with the hash of its bytes, and one of another key is left alone', async () => {
  const other = await createSnapshotStore({ folder, key: 'other', make }).get();
  const { path, hash } = await createSnapshotStore({ folder, key: 'k', make }).get();
  const sha256 = createHash('sha256').update('snapshot 2').digest('hex');
  expect(hash).toBe(sha256.slice(0, 32));
  expect(await readFile(path, 'utf8')).toBe('snapshot 2');
  expect((await readdir(folder)).map((name) => join(folder, name)).toSorted()).toEqual(
    [path, other.path].toSorted(),
  );
});

test.for([
  ['that others can write to', 0o777, 0, 'other accounts can write to'],
  ['of another account', 0o700, 1, 'belongs to another account'],
] as const)('nothing is read from a folder %s, and nothing put there', async ([, mode, more, message]) => {
  await chmod(folder, mode);
  const uid = (await stat(folder)).uid + more;
  const store = createSnapshotStore({ folder, key: 'k', uid, make });
  await expect(store.get()).rejects.toThrow(message);
  expect([made, await readdir(folder)]).toEqual([0, []]);
});

test('what other versions left long ago goes when a new snapshot is made', async () => {
  const { path: old } = await createSnapshotStore({ folder, key: 'old', make }).get();
  const { path: recent } = await createSnapshotStore({ folder, key: 'recent', make }).get();
  await utimes(old, new Date(), new Date(Date.now() - 31 * 24 * 3600 * 1000));
  const { path } = await createSnapshotStore({ folder, key: 'k', make }).get();
  expect((await readdir(folder)).map((name) => join(folder, name)).toSorted()).toEqual(
    [recent, path].toSorted(),
  );
});

test('a failure is not remembered', async () => {
  let fails = true;
  const store = createSnapshotStore({
    folder,
    key: 'k',
    make: () => (fails ? Promise.reject(new Error('no memory')) : make()),
  });
  await expect(store.get()).rejects.toThrow('no memory');
  fails = false;
  expect((await store.get()).path).toContain(folder);
});

test('a discarded snapshot is deleted and made anew', async () => {
  const store = createSnapshotStore({ folder, key: 'k', make });
  const first = await store.get();
  await store.discard(first);
  expect(await readdir(folder)).toEqual([]);
  expect(await store.get()).not.toEqual(first);
});
