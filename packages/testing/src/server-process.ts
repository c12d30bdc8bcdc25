import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Tool } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { SOURCE_CONDITION, SOURCE_ENVIRONMENT } from './source-condition.ts';

export interface ServerProcessOptions {
  /** The server's entry file: `new URL('../src/main.ts', import.meta.url)`, or what was compiled from it. */
  readonly main: URL;
  readonly args?: readonly string[];
  /** Added to the few variables that every child gets (PATH, HOME and the like). */
  readonly env?: Readonly<Record<string, string>>;
  /** `legacy` speaks 2025-11-25 by handshake, `modern` 2026-07-28. Default `modern`. */
  readonly era?: 'legacy' | 'modern';
}

/** A tool's answer in the form that tests compare. */
export interface ToolOutcome {
  /** The text blocks, joined by newlines. */
  readonly text: string;
  readonly structured: unknown;
  readonly isError: boolean;
  readonly content: readonly { readonly type: string }[];
}

export interface ServerProcess extends AsyncDisposable {
  readonly client: Client;
  readonly pid: number;
  /** What the server has written to standard error so far. */
  stderr(): string;
  listTools(): Promise<readonly Tool[]>;
  callTool(name: string, args?: Record<string, unknown>, signal?: AbortSignal): Promise<ToolOutcome>;
}

/**
 * Starts a server as a real child process and connects to it over stdio: from source when its entry file is one. Throws with what the server
 * wrote to standard error when it does not come up.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { main, args = [], env = {}, era = 'modern' } = options;
  const isSource = main.pathname.endsWith('.ts');
  const transport = new ProbedInPlace({
    command: process.execPath,
    args: [...(isSource ? SOURCE_CONDITION : []), fileURLToPath(main), ...args],
    env: { ...(isSource ? SOURCE_ENVIRONMENT : {}), ...env },
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  const client = new Client(
    { name: 'patchbay-testing', version: '0.1.0' },
    { versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' } },
  );
  try {
    await client.connect(transport);
  } catch (cause) {
    await client.close();
    // What a crashed server wrote last arrives after its end.
    await nextTurn();
    throw new Error(`${fileURLToPath(main)} did not start: ${String(cause)}\n${stderr}`, { cause });
  }

  return {
    client,
    pid: transport.pid ?? 0,
    stderr: () => stderr,
    listTools: async () => (await client.listTools()).tools,
    async callTool(name, toolArgs = {}, signal) {
      const result = await client.callTool({ name, arguments: toolArgs }, { signal, timeout: 120_000 });
      const text = result.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
      const { structuredContent: structured, isError = false, content } = result;
      return { text, structured, isError, content };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/**
 * Only of its own class does the SDK start a second process to ask for the protocol version, whose stderr is lost: a
 * subclass is asked in place.
 */
class ProbedInPlace extends StdioClientTransport {}
