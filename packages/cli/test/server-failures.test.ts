// What goes wrong with servers and tools, and on the user's own machine: what is read, and what to do about it.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { faultyServer, runProgram, scriptedTurns, startFakeProvider, startMariaDb } from '@patchbay/testing';
import { describe, expect, test } from 'vitest';
import { createProject, fromSource, math, mathMain } from './support/cli.ts';

const STACK = /\n\s+at .*:\d+/;

describe('servers', () => {
  const inTime = { startTimeoutMs: 1500 };
  const node = (code: string) => ({ command: process.execPath, args: ['-e', code] });
  const servers: Record<string, { readonly config: object; readonly says: RegExp }> = {
    'no-script': {
      config: { command: process.execPath, args: ['dist/index.js'] },
      says: /Error: Cannot find module '.*dist\/index\.js'\n +→ There is no .*dist\/index\.js: check the path, or build the server first\./,
    },
    'no-command': {
      config: { command: 'uvx', args: ['some-server'], env: { PATH: '/nonexistent' } },
      says: /"uvx" is not on PATH\n +→ Install uv .*, or give a full path as "command"\./,
    },
    'no-python': {
      config: { command: 'python3.99', args: ['server.py'] },
      says: /"python3\.99" is not on PATH\n +→ Install Python 3\.10 or newer/,
    },
    'no-folder': {
      config: { ...math, cwd: '/nonexistent' },
      says: /its folder \/nonexistent does not exist\n +→ Check "cwd"\./,
    },
    'no-variable': {
      config: { ...math, env: { DIR: '${NOTES_DIR}' } },
      says: /\$\{NOTES_DIR\} in mcp\.json is not set\n +→ Add NOTES_DIR to \.env, or write \$\{NOTES_DIR:-default\} in mcp\.json\./,
    },
    'no-list': {
      config: faultyServer('bad-list', 'error'),
      says: /it cannot list its tools: The tool registry is on fire/,
    },
    'no-sandbox': {
      config: fromSource('python-exec', '--backend', 'cpython-bwrap', '--python', '/nonexistent/python3'),
      says: /\/nonexistent\/python3/,
    },
    chatty: {
      config: { ...node('console.log("hello"); setTimeout(() => {}, 60_000)'), ...inTime },
      says: /no answer in time: it wrote "hello" to stdout\n +→ .*logs to stderr/,
    },
    'gone-at-once': {
      config: node('console.log("hello")'),
      says: /it ended at once \(exit code 0\): it wrote "hello" to stdout\n +→ .*logs to stderr/,
    },
    nobody: {
      config: { url: 'http://127.0.0.1:1/mcp' },
      says: /nothing listens|cannot be reached|bad port/,
    },
  };

  test('each server that is down says why and what to do, and the one that works answers', async () => {
    const broken = Object.fromEntries(Object.entries(servers).map(([name, { config }]) => [name, config]));
    await using project = await createProject({ ...broken, math });
    const [chat, json] = await Promise.all([
      project.patchbay([], { input: 'Multiply 17 by 23.\n' }),
      project.patchbay(['servers', '--json']),
    ]);
    expect([chat.code, json.code, json.stderr]).toEqual([0, 4, '']);
    expect(chat.stdout).toContain('17 × 23 = 391.');
    expect(chat.stdout + chat.stderr).not.toMatch(STACK);
    const states: { name: string; state: string; reason?: string; hint?: string }[] = JSON.parse(json.stdout);
    const words = states.map(({ name, state, reason, hint }) => [name, state, `${reason}\n → ${hint}`]);
    expect(words).toEqual([
      ...Object.entries(servers).map(([name, { says }]) => [name, 'down', expect.stringMatching(says)]),
      ['math', 'ready', expect.anything()],
    ]);
  });

  test('when all are down, the chat opens nevertheless and says so', async () => {
    await using project = await createProject({ broken: { command: 'no-such-command-anywhere' } });
    const { code, stdout } = await project.patchbay([], { input: '/tools\n/export x.md\n' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/0 of 1 servers ready, 0 tools\. The model has nothing to work with\./);
    expect(stdout).toMatch(/There are no tools\.\nThere is nothing to export yet\./);
  });

  test('a server whose port is taken says so and ends with 1', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await runProgram(mathMain, { args: ['--http', '--port', String(port)] });
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot listen on port \d+ of 127\.0\.0\.1: .* Choose another with --port\./);
  });
});

describe('calls', () => {
  test('databases, time limits and code that fail are said by the tool, and end with 5', async () => {
    await using database = await startMariaDb();
    const denied = new URL(database.url);
    denied.username = 'nobody';
    denied.password = 'wrong-password';
    await using project = await createProject({
      away: { ...fromSource('sql'), env: { MYSQL_URL: 'mysql://demo:secret-password@127.0.0.1:1/school' } },
      denied: { ...fromSource('sql'), env: { MYSQL_URL: denied.href } },
      slow: { ...faultyServer('hang-on-call'), timeoutMs: 300 },
      python: fromSource('python-exec', '--backend', 'pyodide'),
    });
    const calls: readonly (readonly [readonly string[], RegExp])[] = [
      [
        ['away.query', 'sql=SELECT 1'],
        /✗ CONNECTION: MySQL at 127\.0\.0\.1:1: .*ECONNREFUSED.*\nIs it running, and reachable there\? .* With no MySQL settings at all, sample data is used\./,
      ],
      [
        ['denied.query', 'sql=SELECT 1'],
        /✗ CONNECTION: MySQL at .*Access denied for user 'nobody'.*\n.*check the user, the password and the database\b/,
      ],
      [
        ['slow.hang'],
        /✗ slow › hang gave no answer in 0\.3 s and was cancelled\. .*"timeoutMs" and "maxTotalMs"/,
      ],
      [['python.run_python', 'code=1/0'], /✗ PYTHON_ERROR: ZeroDivisionError: division by zero \(line 1\)/],
    ];
    await Promise.all(
      calls.map(async ([args, says]) => {
        const { code, stdout, stderr } = await project.patchbay(['call', ...args, '--json']);
        expect(stderr).toMatch(says);
        const { isError, error } = JSON.parse(stdout);
        expect({ isError, error }).toEqual({
          isError: true,
          error: { code: 'TOOL_FAILED', message: stderr.trim().slice(2) },
        });
        expect(stderr + stdout).not.toMatch(/password@|wrong-password|secret-password/);
        expect(code).toBe(5);
      }),
    );
  });

  test('a result too long for the model comes in part, which the user is told with where all of it is; and a tool that there is not is told to the model', async () => {
    await using provider = await startFakeProvider(
      scriptedTurns([
        { kind: 'answer', toolCalls: [{ name: 'big__big', args: {} }] },
        { kind: 'answer', toolCalls: [{ name: 'nope', args: {} }] },
        { kind: 'answer', text: 'done' },
      ]),
    );
    await using project = await createProject({ big: faultyServer('big-result', 3) });
    const args = ['-p', 'x', '--yes', '--model', 'openai/m', '--strict', '--stream-json'];
    const { code, stdout, stderr } = await project.patchbay(args, { env: provider.openAiEnv });
    expect(code).toBe(5);
    expect(stderr).toMatch(/--strict: failed or refused: \.?nope\.\n/);
    const [, path = ''] =
      /● big › big\(\) [^]* ! 3,000,000 characters; the model is given 16,\d+ of them\.\n +→ All of it: (\S+)\. Ask for/.exec(
        stderr,
      ) ?? [];
    expect(await readFile(path, 'utf8')).toBe('0123456789'.repeat(300_000));
    const cut = { chars: 3_000_000, givenChars: expect.any(Number), path };
    const events: { type: string; calls?: object[] }[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.find(({ type }) => type === 'tool-result')).toMatchObject({ cut });
    expect(events.at(-1)).toMatchObject({
      type: 'result',
      answer: 'done',
      calls: [{ cut }, { isError: true }],
    });
    expect(stderr).toMatch(/✗ nope\(\) .*\n +└ There is no tool named "nope"/);
    const [big, nope] = provider.requests.slice(1).map(({ messages }) => messages.at(-1)?.text ?? '');
    expect(big?.length).toBeLessThan(17_000);
    expect(big).toMatch(/part of 3000000 characters/);
    expect(nope).toMatch(/There is no tool named "nope"/);
  });

  test('nothing to show is said: no tools, an empty result, no prompts', async () => {
    await using project = await createProject({
      none: faultyServer('many-tools', 0),
      big: faultyServer('big-result', 0),
    });
    const only = { 'none.json': JSON.stringify({ mcpServers: { none: faultyServer('many-tools', 0) } }) };
    await using bare = await createProject({}, only);
    const runs = await Promise.all([
      bare.patchbay(['tools', '--config', 'none.json']),
      bare.patchbay(['prompts', '--config', 'none.json', '--json']),
      bare.patchbay(['resources', '--config', 'none.json']),
      bare.patchbay(['tools', '--json']),
      project.patchbay(['call', 'big.big']),
    ]);
    expect(runs.map(({ code, stdout, stderr }) => [code, stdout, stderr.split('\n')])).toEqual([
      [0, '', ['There are no tools.', '']],
      [0, '[]\n', ['No server has prompts.', '']],
      [0, '', ['No server offers resources.', '']],
      [
        0,
        '[]\n',
        [
          expect.stringMatching(/^No servers in mcp\.json.* Add one: patchbay server add/),
          'There are no tools.',
          '',
        ],
      ],
      [0, '', ['(an empty result: the tool finished and returned no content)', '']],
    ]);
  });

  test('a tool whose name no provider takes is listed with the name that models see', async () => {
    await using project = await createProject({ many: faultyServer('many-tools', 7) });
    const { stdout } = await project.patchbay(['tools']);
    expect(stdout).toMatch(/^many\.say hello \d+ \(to models: many__say_hello_\d+_[0-9a-f]{10}\)/m);
    expect(stdout).toMatch(/^many\.long_\d_x+ \(to models: many__long_\d_x+_[0-9a-f]{10}\)/m);
    expect(stdout).toMatch(/^many\.tool_0 {2}/m);
    const [name = ''] = /many__say_hello_\w+/.exec(stdout) ?? [];
    const calls = await Promise.all(
      ['many.say hello 6', name, 'many__tool_0', 'many__nope', 'nope__tool'].map((each) =>
        project.patchbay(['call', each]),
      ),
    );
    expect(calls.map(({ code, stdout: answer, stderr }) => [code, answer + stderr])).toEqual([
      [0, 'say hello 6\n'],
      [0, 'say hello 6\n'],
      [0, 'tool_0\n'],
      [5, expect.stringMatching(/many has no tool "many__nope"[^]*It has: many__/)],
      [2, expect.stringMatching(/call needs <server>\.<tool>.*as models see it/)],
    ]);
  });

  test('Ctrl-C stops a call that runs, says so, and ends with 130', async () => {
    await using provider = await startFakeProvider(() => ({
      kind: 'answer',
      toolCalls: [{ name: 'slow__hang', args: {} }],
    }));
    await using project = await createProject({ slow: faultyServer('hang-on-call') });
    const args = ['-p', 'x', '--yes', '--model', 'openai/m', '--stream-json'];
    const { code, stdout, stderr } = await project.patchbay(args, {
      env: provider.openAiEnv,
      onOutput: (output, { kill }) => {
        if (output.includes('"tool-call"')) kill('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(stderr).toMatch(/^⏹ cancelled after \d+\.\d s\. slow › hang was told to stop\.$/m);
    expect(stderr).not.toMatch(STACK);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/"type":"error","error":\{"code":"CANCELLED"/);
  });

  test('Ctrl-C while servers start ends the wait, and says which were waited for', async () => {
    await using project = await createProject({ late: { command: 'sleep', args: ['60'] }, math });
    const { code, stderr } = await project.patchbay(['servers'], {
      onOutput: (output, { kill }) => {
        if (output.endsWith(' ms\n')) kill('SIGINT');
      },
    });
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: expect.stringMatching(/^⏹ cancelled after \d+\.\d s\. late was still starting\.\n$/),
    });
  });

  test('a file that cannot be written costs no conversation', async () => {
    await using project = await createProject({ math });
    const { code, stdout } = await project.patchbay([], {
      input: 'Add 1 and 2.\n/export mcp.json/x.md\n/export mcp.json\n/export no/x.md\n/export x.md\n',
      env: { PATCHBAY_CACHE: 'mcp.json/cache' },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /✗ Cannot write .*mcp\.json\/x\.md: .* \(ENOTDIR\)\n {2}→ Name another file\. Nothing is lost/,
    );
    expect(stdout).toMatch(/✗ Cannot write .*mcp\.json: there is one already \(EEXIST\)/);
    expect(stdout).toMatch(/✗ Cannot write .*no\/x\.md: its folder does not exist \(ENOENT\)/);
    expect(stdout).toMatch(/Written to x\.md\./);
  });

  test('an old Node is told before anything is loaded', async () => {
    await using project = await createProject({});
    const old =
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.0" } })';
    const { code, stderr } = await project.patchbay(['--version'], {
      env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(old)}` },
    });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'patchbay needs Node 22.19 or newer; this is Node 20.20.0.\n',
    });
  });
});
