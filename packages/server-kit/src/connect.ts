import type { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { tellingChanges } from './changes.ts';
import { errorMessage } from './errors.ts';
import { log } from './log.ts';
import type { HttpOptions } from './serve-http.ts';
import type { ServerApp } from './serve.ts';
import { StdioTransport } from './stdio-transport.ts';

/** What a process serves its clients through. */
export interface Connections {
  close(): Promise<void>;
  /** Resolves when there is nobody left to serve. Absent where clients come and go. */
  readonly ended?: Promise<void>;
}

/** Serves an app over what its settings say: HTTP with `--http` or `--sse`, and otherwise standard input and output. */
export async function connect(
  app: ServerApp,
  options: HttpOptions & { readonly http: boolean; readonly endWithInput: boolean },
): Promise<Connections> {
  const { http, sse } = options;
  const createServer = (): McpServer => app.createServer();
  if (http || sse === true) {
    const { serveHttp } = await import('./serve-http.ts');
    const served = await serveHttp(createServer, { ...options, changes: app.changes });
    return options.endWithInput ? { close: () => served.close(), ended: endOf(process.stdin) } : served;
  }
  if (process.stdin.isTTY) {
    log.info('waits for MCP messages on standard input. For people there is --help.');
  }
  const transport = new StdioTransport(process.stdin, process.stdout);
  const connection = serveStdio(tellingChanges(createServer, app.changes), {
    transport,
    onerror: (error) => log.error(errorMessage(error)),
  });
  return { close: () => connection.close(), ended: transport.ended };
}

/** Resolves when there is no more to read, which is read for that alone. */
async function endOf(input: NodeJS.ReadStream): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const event of ['end', 'close', 'error']) input.once(event, () => resolve());
  input.resume();
  await promise;
}
