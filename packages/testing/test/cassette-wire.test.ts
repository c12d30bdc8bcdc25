import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { openCassette } from '../src/index.ts';
import type { Cassette, McpServerEntry } from '../src/index.ts';

const SECRET = 'a "quoted" secret & more';

/** A server in a few lines: each call tells of progress, asks a question, and ends with the answer. */
const server = `
const { createInterface } = require('node:readline');
const say = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }));
let call;
console.log('noise that is no protocol');
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, result } = JSON.parse(line);
  if (method === 'tools/list') return say({ id, result: { tools: [{ name: process.env.SERVER_TOKEN }] } });
  if (method === 'tools/call' && params.name === 'crash') process.exit(3);
  if (method === 'tools/call') {
    call = id;
    say({ method: 'notifications/progress', params: { progressToken: params._meta.progressToken, progress: 1 } });
    say({ method: 'elicitation/create', id: 'q7', params: { message: JSON.stringify({ token: process.env.SERVER_TOKEN }) } });
  }
  if (id === 'q7') say({ id: call, result: { content: [{ type: 'text', text: result.name }] } });
});
`;

interface Wire extends AsyncDisposable {
  /** Sends a message and gives the next \`count\` lines of protocol. */
  tell(message: object, count: number): Promise<unknown[]>;
  readonly exit: Promise<unknown[]>;
}

function start({ command = '', args = [], env }: McpServerEntry): Wire {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    exit,
    async tell(message, count) {
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
      const heard: unknown[] = [];
      while (heard.length < count) {
        const { value, done } = await lines.next();
        if (done) break;
        if (value.startsWith('{')) heard.push(JSON.parse(value));
      }
      return heard;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exit;
    },
  };
}

const call = (id: number, progressToken: string) => ({
  id,
  method: 'tools/call',
  params: { name: 'go', arguments: {}, _meta: { progressToken } },
});

async function conversation(cassette: Cassette, first: number, token: string) {
  await using wire = start(cassette.mcpServers['it'] ?? {});
  const [list] = await wire.tell({ id: first, method: 'tools/list' }, 1);
  const [progress, question] = await wire.tell(call(first + 1, token), 2);
  const { id } = question as { id: string };
  const [result] = await wire.tell({ id, result: { name: 'Ann' } }, 1);
  return { list, progress, question, result };
}

test('each message comes back as it was, with the ids and tokens of the run that hears it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-wire-'));
  const path = join(folder, 'wire.json');
  const it = { command: process.execPath, args: ['-e', server], env: { SERVER_TOKEN: SECRET } };
  {
    await using cassette = await openCassette(path, { mode: 'record', mcpServers: { it }, env: {} });
    expect(await conversation(cassette, 1, 'one')).toMatchObject({
      list: { id: 1, result: { tools: [{ name: SECRET }] } },
      progress: { params: { progressToken: 'one', progress: 1 } },
      question: { method: 'elicitation/create', id: 'q7' },
      result: { id: 2, result: { content: [{ text: 'Ann' }] } },
    });
    await using crashing = start(cassette.mcpServers['it'] ?? {});
    expect(await crashing.tell({ id: 1, method: 'tools/call', params: { name: 'crash' } }, 1)).toEqual([]);
    expect(await crashing.exit).toEqual([3, null]);
    await cassette.finish();
  }
  const file = await readFile(path, 'utf8');
  expect(file).toContain('{{SERVER_TOKEN}}');
  expect(file).not.toMatch(/quoted|secret & more/);

  const redact = { SERVER_TOKEN: 'another value' };
  await using cassette = await openCassette(path, { mode: 'replay', mcpServers: { it }, env: {}, redact });
  expect(await conversation(cassette, 40, 'two')).toEqual({
    list: { jsonrpc: '2.0', id: 40, result: { tools: [{ name: 'another value' }] } },
    progress: {
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: 'two', progress: 1 },
    },
    question: {
      jsonrpc: '2.0',
      id: expect.any(String),
      method: 'elicitation/create',
      params: { message: '{"token":"another value"}' },
    },
    result: { jsonrpc: '2.0', id: 41, result: { content: [{ type: 'text', text: 'Ann' }] } },
  });
  await using crashing = start(cassette.mcpServers['it'] ?? {});
  expect(await crashing.tell({ id: 9, method: 'tools/call', params: { name: 'crash' } }, 1)).toEqual([]);
  await cassette.finish();
  await rm(folder, { recursive: true });
});
