import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { backends } from './backends.ts';
import type { PythonServer } from './python-server.ts';
import { startPython } from './python-server.ts';

describe.each(backends)('%s', (backend) => {
  let python: PythonServer;
  beforeAll(async () => {
    python = await startPython({ backend, args: ['--max-sessions', '2'] });
  });
  afterAll(() => python[Symbol.asyncDispose]());

  test('sessions do not see each other, and one too many is refused with the names of the others', async () => {
    await python.run('x = "a"', { session: 'a' });
    await python.run('x = "b"', { session: 'b' });
    expect((await python.run('x', { session: 'a' })).text).toBe("'a'");
    const refused = await python.run('1', { session: 'c' });
    expect(refused.text).toBe(
      'SESSION_LIMIT: All 2 sessions are in use\nUse one of these sessions, or end one with reset_session: a, b',
    );
    const reset = await python.server.callTool('reset_session', { session: 'b' });
    expect(reset.structured).toEqual({ session: 'b', existed: true });
    expect((await python.run('"x" in globals()', { session: 'c' })).text).toBe('False');
    await python.server.callTool('reset_session', { session: 'a' });
    await python.server.callTool('reset_session', { session: 'c' });
  });

  test('calls in one session run one after the other, those of two sessions side by side', async () => {
    const step = (tag: string): string =>
      `import time\nlog = globals().setdefault('log', [])\nlog.append('${tag} in')\ntime.sleep(0.1)\nlog.append('${tag} out')`;
    await Promise.all(['1', '2', '3'].map((tag) => python.run(step(tag), { session: 'serial' })));
    const log = (await python.run('log', { session: 'serial' })).structured.value?.json as string[];
    for (let index = 0; index < 6; index += 2) {
      expect(log[index + 1]).toBe(log[index]?.replace('in', 'out'));
    }
    await writeFile(join(python.workspace, 'flag'), '');
    const wait = 'import os, time\nwhile os.path.exists("flag"): time.sleep(0.01)\n"seen"';
    const waiting = python.run(wait, { session: 'serial' });
    expect((await python.run('import os\nos.remove("flag")', { session: 'other' })).isError).toBe(false);
    expect((await waiting).text).toBe("'seen'");
    await python.server.callTool('reset_session', { session: 'serial' });
    await python.server.callTool('reset_session', { session: 'other' });
  });

  test('reset starts afresh, by argument or by tool, and files stay', async () => {
    await python.run('x = 1\nopen("stays.txt", "w").close()', { session: 's' });
    const fresh = await python.run('import os\n("x" in globals(), os.path.exists("stays.txt"))', {
      session: 's',
      reset: true,
    });
    expect([fresh.text, fresh.structured.state_lost]).toEqual(['(False, True)', false]);
    await python.server.callTool('reset_session', { session: 's' });
  });

  test('resetting a session ends the call that runs in it', async () => {
    await writeFile(join(python.workspace, 'started'), '');
    const running = python.run('import os\nos.remove("started")\nwhile True: pass', { session: 's' });
    await vi.waitFor(async () => {
      expect((await python.run('import os\nos.path.exists("started")', { session: 'look' })).text).toBe(
        'False',
      );
    }, 10_000);
    await python.server.callTool('reset_session', { session: 's' });
    expect((await running).text).toMatch(
      /^INTERPRETER_LOST: The interpreter ended \(the session was closed\)/,
    );
    await python.server.callTool('reset_session', { session: 'look' });
  });

  test('a cancelled call ends, and the next one is told that the variables are gone', async () => {
    await python.run('x = 1', { session: 's' });
    await writeFile(join(python.workspace, 'started'), '');
    const controller = new AbortController();
    const running = python.run(
      'import os\nos.remove("started")\nwhile True: pass',
      { session: 's' },
      controller.signal,
    );
    await vi.waitFor(async () => {
      expect((await python.run('import os\nos.path.exists("started")', { session: 'look' })).text).toBe(
        'False',
      );
    }, 10_000);
    controller.abort();
    await expect(running).rejects.toThrow(/abort/i);
    const next = await python.run('"x" in globals()', { session: 's' });
    expect(next.structured.state_lost).toBe(true);
    expect(next.text).toBe(
      'Note: earlier variables of this session are gone: an earlier call was cancelled while it ran.\nFalse',
    );
    await python.server.callTool('reset_session', { session: 's' });
    await python.server.callTool('reset_session', { session: 'look' });
  });

  test('listing or resetting a session that does not exist starts none', async () => {
    const listed = await python.server.callTool('list_variables', { session: 'nobody' });
    expect(listed.structured).toEqual({ session: 'nobody', exists: false, variables: [] });
    const reset = await python.server.callTool('reset_session', { session: 'nobody' });
    expect(reset.structured).toEqual({ session: 'nobody', existed: false });
  });
});
