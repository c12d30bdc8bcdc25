import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { faultyServer } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { outcomeText } from '../src/tools.ts';
import { childrenOf, isAlive } from './support/processes.ts';
import { faulty, hostOf, startAll, stdio } from './support/served.ts';

const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);

test.concurrent.for([
  ['ignores-sigterm', 'SIGKILL'],
  ['ignores-sigterm', 'SIGINT'],
  ['leaves-daemon', 'SIGKILL'],
  ['leaves-daemon', 'exit'],
] as const)('the server %s ends with its tree when its host ends by %s', async ([name, end], context) => {
  const { command, args } = faultyServer(name);
  const program = fileURLToPath(new URL('./fixtures/host-program.ts', import.meta.url));
  const launch = ['--conditions=@patchbay/source', program, JSON.stringify([command, ...args])];
  const host = spawn(process.execPath, launch, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(host, 'close');
  let killed = 0;
  for await (const line of createInterface({ input: host.stdout })) {
    const pids = numbers(line);
    expect(pids).toHaveLength(2);
    expect(pids.every(isAlive)).toBe(true);
    // Its server, and a moment later the shell that outlives it.
    await context.expect.poll(() => childrenOf(host.pid), { timeout: 10_000 }).toHaveLength(2);
    host.kill(end === 'exit' ? 'SIGUSR2' : end);
    await ended;
    // Tests that run at once each have their own.
    await context.expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    killed += 1;
  }
  expect(killed).toBe(1);
});

test('closing many servers that ignore everything takes as long as closing one', async () => {
  const names = Array.from({ length: 6 }, (_, index) => `s${index}`);
  const host = hostOf(Object.fromEntries(names.map((name) => [name, faulty('ignores-sigterm')])));
  await startAll(host);
  const texts = await Promise.all(names.map((name) => host.tools.callTool(`${name}__pids`, {})));
  const pids = texts.map(outcomeText).flatMap(numbers);
  expect(pids).toHaveLength(12);
  const startedAt = performance.now();
  await host[Symbol.asyncDispose]();
  // One after the other they would take six times 1.5 s.
  expect(performance.now() - startedAt).toBeLessThan(6000);
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});

test('the end of a server is noticed while a process that it left behind holds its output open', async () => {
  // The shell is the server's process; what it starts in the background has its streams.
  const { command, args } = faultyServer('crash-on-call');
  const script = `sleep 300 & ${[command, ...args].map((part) => `'${part}'`).join(' ')}; exit 7`;
  await using host = hostOf({ s: stdio('sh', ['-c', script]) });
  await startAll(host);
  const crash = host.tools.listTools().find(({ tool }) => tool === 'crash');
  expect(outcomeText(await host.tools.callTool(crash?.name ?? '', {}))).toMatch(
    /^Server "s" is down: the server ended \(exit code 7\)/,
  );
});

test('a result of 60 MiB arrives, and one over the limit ends its server with the reason', async () => {
  await using host = hostOf({ fits: faulty('big-result', '60'), over: faulty('big-result', '70') });
  await startAll(host);
  const [fits, over] = host.tools.listTools();
  expect(await host.tools.callTool(fits?.name ?? '', {})).toMatchObject({ isError: false });
  expect(outcomeText(await host.tools.callTool(over?.name ?? '', {})).slice(0, 200)).toContain(
    'A message is longer than 67108864 bytes',
  );
});
