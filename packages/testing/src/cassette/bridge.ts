import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../json.ts';
import { isObject, parseOrKeep, stringOr } from '../json.ts';
import type { ServerLaunch } from '../faulty-servers/faulty-server.ts';

/** One process that stands for a server, as the cassette's side sees it. */
export interface BridgeEnd {
  readonly channel: string;
  toClient(line: string): void;
  toServer(line: string): void;
  close(): void;
}

/** What becomes of the lines that come by. */
export interface LineHandler {
  fromClient(line: string): void;
  fromServer(line: string): void;
  /** The server ended by itself, with its client still there. */
  serverEnded(): void;
}

/** Where the processes report that stand in for servers. */
export interface Bridge extends AsyncDisposable {
  /** The command line to put into a configuration: in front of `command`, or without one instead of it. */
  launch(channel: string, command?: readonly string[]): ServerLaunch;
}

/** Listens on this machine for those who know a word that only the command lines of {@link Bridge.launch} hold. */
export async function openBridge(handle: (end: BridgeEnd) => LineHandler): Promise<Bridge> {
  const word = randomUUID();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, word, handle);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  // Built, this file and the program end in .js.
  const program = fileURLToPath(new URL('./bridge-program.ts', import.meta.url)).replace(
    /\.ts$/,
    extname(import.meta.url),
  );
  return {
    launch: (channel, command = []) => ({
      command: process.execPath,
      args: [program, String(port), word, channel, ...command],
    }),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function serve(socket: Socket, word: string, handle: (end: BridgeEnd) => LineHandler): void {
  const send = (to: 'client' | 'server', line: string): void => {
    if (socket.writable) socket.write(`${JSON.stringify({ to, line })}\n`);
  };
  let handler: LineHandler | undefined;
  const lines = createInterface({ input: socket });
  lines.on('line', (text) => {
    const message = parseOrKeep(text);
    if (!isObject(message)) socket.destroy();
    else if (handler) pass(message, handler);
    else if (message['word'] !== word) socket.destroy();
    else {
      handler = handle({
        channel: stringOr(message['channel'], ''),
        toClient: (line) => send('client', line),
        toServer: (line) => send('server', line),
        close: () => socket.end(),
      });
    }
  });
}

function pass({ from, line }: JsonObject, handler: LineHandler): void {
  if (from === 'client') handler.fromClient(stringOr(line, ''));
  else if (from === 'server') handler.fromServer(stringOr(line, ''));
  else handler.serverEnded();
}
