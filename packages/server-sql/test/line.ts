import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** The way to the database, which a test can cut and restore: to its client, the server went away and came back. */
export interface Line extends AsyncDisposable {
  readonly port: number;
  cut(): Promise<void>;
  restore(): Promise<void>;
  /** What clients have sent, in order, as far as it is text. */
  readonly sent: readonly string[];
  /** Ends each connection as soon as its client uses it, and not before; new ones live. */
  deaden(): void;
}

/** A way to `server`. */
export async function openLine(server: { readonly host: string; readonly port: number }): Promise<Line> {
  const sockets = new Set<Socket>();
  const dead = new WeakSet<Socket>();
  const sent: string[] = [];
  const listener = createServer((inner) => {
    const outer = connect(server.port, server.host);
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
    inner.on('data', (chunk: Buffer) => {
      sent.push(chunk.toString('latin1'));
      if (dead.has(inner)) inner.destroy();
      else outer.write(chunk);
    });
    inner.on('end', () => outer.end());
    outer.pipe(inner);
  });
  const listen = async (port: number): Promise<number> => {
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const cut = async (): Promise<void> => {
    const closed = once(listener, 'close');
    listener.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const port = await listen(0);
  return {
    port,
    sent,
    cut,
    deaden: () => sockets.forEach((socket) => dead.add(socket)),
    restore: async () => void (await listen(port)),
    [Symbol.asyncDispose]: async () => {
      if (listener.listening) await cut();
    },
  };
}
