import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { TransportConfig } from '@patchbay/core';
import { printable } from '@patchbay/core';

type StdioConfig = Extract<TransportConfig, { kind: 'stdio' }>;

/** How long a server may take to start and to see that its input has ended, in milliseconds. */
const END_LIMIT_MS = 5000;
/** How long its children may take after it. */
const CHILDREN_LIMIT_MS = 500;

/** How a server's process behaves when nobody speaks to it. */
export interface Manners {
  /** Lines on standard output that are not protocol messages. */
  readonly noise: readonly string[];
  readonly endsWithInput: boolean;
  /** Whether something that it started was still there after it. Not known on Windows. */
  readonly leavesChildren: boolean;
}

/** Starts a server beside any host, ends its input at once, and watches. Whatever is left is killed. */
export async function watchManners(
  { command, args, cwd, env }: StdioConfig,
  inherited: Readonly<Record<string, string>>,
): Promise<Manners> {
  const isGrouped = process.platform !== 'win32';
  const child = spawn(command, [...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: isGrouped,
    windowsHide: true,
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output = (output + String(chunk)).slice(0, 10_000)));
  child.stdin.on('error', () => undefined);
  child.stdin.end();
  const exit = once(child, 'exit').then(() => true);
  const endsWithInput = await Promise.race([exit, delay(END_LIMIT_MS, false, { ref: false })]);
  let leavesChildren = false;
  if (isGrouped && child.pid !== undefined) {
    if (endsWithInput) await delay(CHILDREN_LIMIT_MS);
    leavesChildren = endsWithInput && isThere(-child.pid);
    if (isThere(-child.pid)) process.kill(-child.pid, 'SIGKILL');
  } else child.kill();
  const noise = output.split('\n').filter((line) => line.trim() !== '' && !isMessage(line));
  return { noise: noise.map((line) => printable(line).slice(0, 100)), endsWithInput, leavesChildren };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function isMessage(line: string): boolean {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null && 'jsonrpc' in message;
  } catch {
    return false;
  }
}
