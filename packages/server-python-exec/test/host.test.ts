import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { alive } from './processes.ts';
import type { PythonServer } from './python-server.ts';
import { startPython } from './python-server.ts';

describe('the Python of this machine without a sandbox', () => {
  let python: PythonServer;
  beforeAll(async () => {
    python = await startPython({
      backend: 'host',
      args: ['--allow-unsafe'],
      env: { PATCHBAY_CANARY: 'canary' },
    });
  });
  afterAll(() => python[Symbol.asyncDispose]());

  test('says so before anything else', async () => {
    const [tool] = await python.server.listTools();
    expect(tool?.description).toMatch(/^NO SANDBOX: code runs with all rights of the user\. Runs Python and/);
    expect(python.server.stderr()).toContain('NO SANDBOX');
    const { text } = await python.server.callTool('python_info');
    expect(text).toContain('None. Code can read and change every file');
  });

  test('runs code with files, programs and time limits, but without the variables of the server', async () => {
    const code =
      'import os, subprocess\n[subprocess.check_output(["echo", "hi"], text=True), "PATCHBAY_CANARY" in os.environ]';
    expect((await python.run(code)).structured.value?.json).toEqual(['hi\n', false]);
    const { text } = await python.run('kept = 1\nwhile True: pass', { timeout_ms: 300 });
    expect(text).toMatch(/^TIMEOUT: Interrupted after 300 ms/);
    expect((await python.run('kept')).text).toBe('1');
  });

  test('ends programs that code started with their session', async () => {
    await python.run(
      'import subprocess\nopen("pid", "w").write(str(subprocess.Popen(["sleep", "1000"]).pid))',
      {
        session: 'started',
      },
    );
    expect(existsSync(join(python.workspace, 'pid'))).toBe(true);
    const pid = Number(readFileSync(join(python.workspace, 'pid'), 'utf8'));
    expect(await alive([pid])).toEqual([pid]);
    await python.server.callTool('reset_session', { session: 'started' });
    await vi.waitFor(async () => expect(await alive([pid])).toEqual([]), 10_000);
  });
});
