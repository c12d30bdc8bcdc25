import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SOURCE_CONDITION, SOURCE_ENVIRONMENT } from './source-condition.ts';

export interface HttpServerProcess extends AsyncDisposable {
  /** Where it said that it listens, such as `http://127.0.0.1:4567/mcp`. */
  readonly url: URL;
  readonly pid: number;
}

export interface HttpServerProcessOptions {
  /** The server's entry file: `new URL('../src/main.ts', import.meta.url)`. */
  readonly main: URL;
  /** `--http` or `--sse`, and what else it takes. The port is chosen by the system. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a server behind HTTP as a real child process, from source, and waits until it says where it listens. */
export async function startHttpServerProcess(options: HttpServerProcessOptions): Promise<HttpServerProcess> {
  const { main, args, env = {} } = options;
  const { PATH = '', HOME = '' } = process.env;
  const program = [...SOURCE_CONDITION, fileURLToPath(main), ...args, '--port', '0'];
  const child = spawn(process.execPath, program, {
    env: { ...SOURCE_ENVIRONMENT, PATH, HOME, ...env },
    // Open for as long as this process lives: a server with --end-with-input goes when it does.
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close');
  let said = '';
  for await (const line of createInterface({ input: child.stderr })) {
    said += `${line}\n`;
    const url = /listens at (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    // Unread, a full pipe would stop the server.
    child.stderr.resume();
    return {
      url: new URL(url),
      pid: child.pid ?? 0,
      async [Symbol.asyncDispose]() {
        child.kill();
        await ended;
      },
    };
  }
  throw new Error(`The server ended before it listened: ${said}`);
}
