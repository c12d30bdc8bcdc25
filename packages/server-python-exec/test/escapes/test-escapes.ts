import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { alive, descendantsOf } from '../processes.ts';
import type { PythonServer } from '../python-server.ts';
import type { Attempt } from './attempt.ts';

const SECRET = 'canary-7f3a91';

type StartServer = (env: Record<string, string>) => Promise<PythonServer>;

/** Sessions that attempts take turns with, so that a killed interpreter keeps nobody waiting. */
function createPool(names: readonly string[]) {
  const free = [...names];
  const waiting: ((name: string) => void)[] = [];
  return async (work: (session: string) => Promise<void>): Promise<void> => {
    const session = free.pop() ?? (await new Promise<string>((resolve) => waiting.push(resolve)));
    try {
      await work(session);
    } finally {
      const next = waiting.shift();
      if (next) next(session);
      else free.push(session);
    }
  };
}

/** Declares the tests of one backend: each attempt, and that nothing of them is left. */
export function testEscapes(attempts: readonly Attempt[], start: StartServer): void {
  let python: PythonServer;
  let canaries: readonly Server[];
  let port = 0;
  let connections = 0;
  const withSession = createPool(['a', 'b', 'c']);

  beforeAll(async () => {
    python = await start({ PATCHBAY_CANARY: SECRET });
    const { folder, workspace } = python;
    await writeFile(join(folder, 'secret.txt'), SECRET);
    await mkdir(join(folder, 'workspace-neighbour'));
    await writeFile(join(folder, 'workspace-neighbour', 'secret.txt'), SECRET);
    await writeFile(join(workspace, 'mine.txt'), 'mine');
    await symlink(join(folder, 'secret.txt'), join(workspace, 'link.txt'));
    await symlink('../secret.txt', join(workspace, 'relative.txt'));
    await symlink(folder, join(workspace, 'up'));
    canaries = [{ port: 0, host: '127.0.0.1' }, { path: join(folder, 'server.sock') }].map((where) =>
      createServer((socket) => {
        connections += 1;
        socket.end('HTTP/1.0 200 OK\r\n\r\nESCAPED');
      }).listen(where),
    );
    await Promise.all(canaries.map((canary) => once(canary, 'listening')));
    const address = canaries[0]?.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterAll(() => python[Symbol.asyncDispose]());

  test('there are at least 80 attempts, each with a name of its own', () => {
    const names = attempts.map(([name]) => name);
    expect(names.length).toBeGreaterThanOrEqual(80);
    expect(new Set(names).size).toBe(names.length);
  });

  test.concurrent.for(attempts)(
    '%s gets nowhere, and the next call is answered',
    async ([, code, timeoutMs = 5000]) => {
      const real = code
        .replaceAll('FOLDER', python.folder)
        .replaceAll('PORT', String(port))
        .replaceAll('SERVER', String(python.server.pid))
        .replaceAll('TMP', tmpdir())
        .replaceAll('PACKAGE', new URL('../..', import.meta.url).pathname)
        .replaceAll('HOME', homedir());
      await withSession(async (session) => {
        const attempt = await python.run(real, { session, timeout_ms: timeoutMs });
        const next = await python.run('got = globals().get("got", [])\n[1 + 1, len(got)]', { session });

        expect(next.structured?.value?.json).toEqual([2, 0]);
        const told = JSON.stringify([attempt.structured?.value, attempt.structured?.stdout, attempt.isError]);
        expect(told).not.toContain('ESCAPED');
        expect(JSON.stringify(attempt)).not.toContain(SECRET);
        expect(connections).toBe(0);
        expect(existsSync(join(python.folder, 'made'))).toBe(false);
      });
    },
  );

  test('afterwards the folder is as it was, and nothing is left running', async () => {
    expect((await readdir(python.folder)).toSorted()).toEqual([
      'secret.txt',
      'server.sock',
      'workspace',
      'workspace-neighbour',
    ]);
    for (const canary of canaries) canary.close();
    const below = await descendantsOf(python.server.pid);
    expect(below.length).toBeGreaterThan(0);
    await python.server[Symbol.asyncDispose]();
    await vi.waitFor(async () => expect(await alive(below)).toEqual([]), 20_000);
  });
}
