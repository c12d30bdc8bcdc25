import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';

const TURNS = 200;
const CALLS = 5;
const PROGRAM = fileURLToPath(new URL('./fixtures/long-run.ts', import.meta.url));

test('two hundred turns of five calls over a real provider and a real server leave no memory and no listener behind', async () => {
  let turn = 0;
  await using provider = await startFakeProvider(({ body }) => {
    if (body['tool_choice'] !== undefined) return { kind: 'answer', text: 'done' };
    turn += 1;
    const toolCalls = Array.from({ length: CALLS }, (_, index) => ({
      name: 'good__add',
      args: { a: turn, b: index },
    }));
    return { kind: 'answer', toolCalls };
  });
  // In a process of its own, whose heap is that of the client alone.
  const args = ['--expose-gc', '--conditions=@patchbay/source', PROGRAM, String(TURNS), String(CALLS)];
  const env = { ...process.env, ...provider.openAiEnv, OPENAI_MODEL: 'm' };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  expect(provider.problems).toEqual([]);
  const { mostListeners, heaps, ...seen } = JSON.parse(stdout);
  expect(seen).toEqual({ calls: TURNS * CALLS, wrong: 0, listenersLeft: 0 });
  // What a turn needs while it runs does not grow with the number of turns.
  expect(mostListeners).toBeLessThan(4 * CALLS);
  // The conversation itself grows, by some hundred bytes a call.
  expect(heaps).toHaveLength(TURNS / 50);
  expect(heaps.at(-1) - heaps[0]).toBeLessThan(2_000_000);
}, 120_000);
