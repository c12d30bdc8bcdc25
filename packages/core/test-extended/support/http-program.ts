import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { closedPort } from '../../test/support/closed-port.ts';

/** How long a program may take until it listens, in milliseconds. */
const START_LIMIT_MS = 60_000;

export interface HttpProgram extends AsyncDisposable {
  readonly port: number;
}

/** Runs a server that listens on the port that the variable `PORT` names, and waits until it does. */
export async function startHttpProgram(args: readonly string[]): Promise<HttpProgram> {
  const port = await closedPort();
  const child = spawn(process.execPath, [...args], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said = (said + String(chunk)).slice(-2000)));
  const gone = once(child, 'exit');
  const deadline = performance.now() + START_LIMIT_MS;
  while (!(await isListening(port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${args.join(' ')} does not listen on ${port}: ${said}`);
    }
    await pause(50);
  }
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
