import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { backends } from './backends.ts';
import type { PythonServer } from './python-server.ts';
import { startPython } from './python-server.ts';

describe.each(backends)('%s', (backend) => {
  let python: PythonServer;
  beforeAll(async () => {
    python = await startPython({ backend });
  });
  afterAll(() => python[Symbol.asyncDispose]());

  test('what a long call prints is told while it runs, each part once', async () => {
    const told: string[] = [];
    const code = `
import os, sys, time
def wait(name):
  while not os.path.exists(name): time.sleep(0.01)
print("one"); wait("first")
print("two", file=sys.stderr); wait("second")`;
    const call = python.server.client.callTool(
      { name: 'run_python', arguments: { code } },
      { onprogress: ({ message = '' }) => void (message.startsWith('running') || told.push(message)) },
    );
    for (const [name, ...expected] of [
      ['first', 'one\n'],
      ['second', 'one\n', 'two\n'],
    ]) {
      await vi.waitFor(() => expect(told).toEqual(expected), 20_000);
      await writeFile(join(python.workspace, String(name)), '');
    }
    expect((await call).isError).not.toBe(true);
  });

  test('files that code wrote come as links with their type and size', async () => {
    const { content } = await python.run(
      'open("t.csv", "w").write("a,b")\nopen("u.unknown", "w").write("x")',
    );
    const url = (name: string): string => pathToFileURL(join(python.workspace, name)).href;
    expect(content.slice(1)).toEqual([
      { type: 'resource_link', uri: url('t.csv'), name: 't.csv', mimeType: 'text/csv', size: 3 },
      { type: 'resource_link', uri: url('u.unknown'), name: 'u.unknown', size: 1 },
    ]);
  });
});
