import type { JSONRPCMessage, McpServer } from '@modelcontextprotocol/server';
import { InMemoryTransport, isJSONRPCResponse, LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { errorMessage } from './errors.ts';

/** A call that shows whether a server can do its work: cheap, and harmless wherever it runs. */
export interface SelfTestCall {
  readonly tool: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** Why something does not work, in the form of a tool's error. */
export interface SelfTestError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** What `--check` prints. */
export interface SelfTestReport {
  readonly ok: boolean;
  readonly name: string;
  readonly version: string;
  readonly node: string;
  /** The tools that it offers. Absent when it did not get that far. */
  readonly tools?: readonly string[];
  /** The call that was made, with the beginning of its answer. */
  readonly call?: SelfTestCall & { readonly ms: number; readonly answer?: string };
  readonly error?: SelfTestError;
}

/** Longest time that the call may take, in milliseconds. */
const CALL_LIMIT_MS = 60_000;

/** Longest part of the answer that is shown, in characters. */
const SHOWN_CHARS = 300;

const listSchema = z.object({ tools: z.array(z.object({ name: z.string() })) });
const answerSchema = z.object({
  isError: z.boolean().default(false),
  content: z.array(z.object({ text: z.string().optional() })),
  _meta: z
    .object({
      'patchbay/error': z
        .object({ code: z.string(), message: z.string(), hint: z.string().optional() })
        .optional(),
    })
    .optional(),
});

type Found = Pick<SelfTestReport, 'tools' | 'call' | 'error'>;

/** Talks to the server as a client would, without a process or a network between: handshake, list, one call. */
export async function selfTest(server: McpServer, call: SelfTestCall | undefined): Promise<Found> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  const request = await openConversation(near);
  try {
    const { tools } = listSchema.parse(await request('tools/list', {}));
    const names = tools.map(({ name }) => name);
    return { tools: names, ...(call && (await tryCall(request, call))) };
  } catch (error) {
    return { error: { code: 'PROTOCOL', message: errorMessage(error) } };
  } finally {
    await server.close();
  }
}

type Request = (method: string, params: Record<string, unknown>) => Promise<unknown>;

async function tryCall(request: Request, call: SelfTestCall): Promise<Found> {
  const start = performance.now();
  const { tool: name, arguments: args = {} } = call;
  const result = await request('tools/call', { name, arguments: args });
  const ms = Math.round(performance.now() - start);
  const { isError, content, _meta } = answerSchema.parse(result);
  const text = content.flatMap((block) => (block.text === undefined ? [] : [block.text])).join('\n');
  if (!isError) return { call: { ...call, ms, answer: text.slice(0, SHOWN_CHARS).toWellFormed() } };
  return { call: { ...call, ms }, error: _meta?.['patchbay/error'] ?? { code: 'FAILED', message: text } };
}

/** Shakes hands, and returns how to ask. */
async function openConversation(transport: InMemoryTransport): Promise<Request> {
  const waiting = new Map<unknown, (message: JSONRPCMessage) => void>();
  transport.onmessage = (message) => {
    if (isJSONRPCResponse(message)) waiting.get(message.id)?.(message);
  };
  await transport.start();
  const request: Request = async (method, params) => {
    const id = waiting.size;
    const answer = Promise.withResolvers<JSONRPCMessage>();
    waiting.set(id, answer.resolve);
    const late = new Error(`${method} was not answered within ${CALL_LIMIT_MS / 1000} s`);
    const timer = setTimeout(() => answer.reject(late), CALL_LIMIT_MS);
    try {
      await transport.send({ jsonrpc: '2.0', id, method, params });
      const message = await answer.promise;
      if ('result' in message) return message.result;
      throw new Error(`${method} was refused: ${'error' in message ? message.error.message : ''}`);
    } finally {
      clearTimeout(timer);
    }
  };
  await request('initialize', {
    protocolVersion: LATEST_PROTOCOL_VERSION,
    capabilities: {},
    clientInfo: { name: 'self-test', version: '1' },
  });
  await transport.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return request;
}
