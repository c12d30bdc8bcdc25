import { randomUUID } from 'node:crypto';
import type { Gateway } from './gateway.ts';
import type { KernelMessage } from './messages.ts';
import { executeRequest, messageSchema } from './messages.ts';

/** What the module of the driver is called in the kernel, and how it is found. */
const DRIVER = "__import__('sys').modules['patchbay_driver']";

/** States after which a kernel has forgotten everything. */
const LOST = ['restarting', 'autorestarting', 'dead', 'starting'];

/** Longest message that is read, in characters. */
const MAX_MESSAGE_CHARS = 16 * 1024 * 1024;

/** What a request to the driver came to: its answer, or what went wrong in the kernel. */
type KernelAnswer =
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'failure'; readonly type: string; readonly message: string };

interface KernelRequest {
  /** Python, in which `DRIVER` stands for the module of the driver. */
  readonly code: string;
  readonly onStream?: (name: 'stdout' | 'stderr', text: string) => void;
}

/** A kernel that was started, and the line to it. */
export interface KernelConnection {
  readonly id: string;
  /** Settles with the reason when the kernel or the line to it is gone. */
  readonly ended: Promise<string>;
  /** Settles when the kernel is idle again; never when it is gone. */
  ask(request: KernelRequest): Promise<KernelAnswer>;
  close(): void;
}

/** @throws {Error} when no kernel can be started or reached. */
export async function connectKernel(gateway: Gateway): Promise<KernelConnection> {
  const id = await gateway.startKernel();
  const socket = gateway.connect(id);
  try {
    await opened(socket);
  } catch (error) {
    await gateway.endKernel(id).catch(() => undefined);
    throw error;
  }
  const session = randomUUID();
  const listeners = new Map<string, (message: KernelMessage) => void>();
  const end = Promise.withResolvers<string>();
  let hasAsked = false;
  socket.addEventListener('close', () => end.resolve('the connection to the gateway is gone'));
  socket.addEventListener('message', ({ data }) => {
    const message = parse(data);
    if (message === undefined) return;
    if (message.msg_type === 'status' && hasAsked && LOST.includes(message.content.execution_state))
      end.resolve('the kernel died');
    listeners.get(message.parent_header.msg_id ?? '')?.(message);
  });

  return {
    id,
    ended: end.promise,
    close: () => socket.close(),
    ask: ({ code, onStream }) =>
      new Promise((resolve) => {
        const request = executeRequest(code.replaceAll('DRIVER', DRIVER), {
          session,
          expression: `${DRIVER}.outcome`,
        });
        let answer: KernelAnswer | undefined;
        let isIdle = false;
        listeners.set(request.id, (message) => {
          if (message.msg_type === 'stream') onStream?.(message.content.name, message.content.text);
          if (message.msg_type === 'execute_reply') {
            answer = readReply(message.content);
            hasAsked = true;
          }
          isIdle ||= message.msg_type === 'status' && message.content.execution_state === 'idle';
          // The reply and what was printed come on two channels, in any order.
          if (answer === undefined || !isIdle) return;
          listeners.delete(request.id);
          resolve(answer);
        });
        socket.send(request.text);
      }),
  };
}

function readReply(content: Extract<KernelMessage, { msg_type: 'execute_reply' }>['content']): KernelAnswer {
  const text = content.user_expressions?.outcome?.data?.['text/plain'];
  if (content.status === 'ok' && text !== undefined) {
    // The repr of a string of base64.
    return { kind: 'answer', text: Buffer.from(text.slice(1, -1), 'base64').toString('utf8') };
  }
  return { kind: 'failure', type: content.ename ?? 'Error', message: content.evalue ?? '' };
}

function parse(data: unknown): KernelMessage | undefined {
  if (typeof data !== 'string' || data.length > MAX_MESSAGE_CHARS) return undefined;
  try {
    return messageSchema.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}

async function opened(socket: WebSocket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error('the channels of the kernel cannot be opened')), {
      once: true,
    });
  });
}
