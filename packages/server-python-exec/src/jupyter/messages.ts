import { randomUUID } from 'node:crypto';
import * as z from 'zod';

interface Message<Type extends string, Content> {
  readonly msg_type: Type;
  readonly parent_header: { readonly msg_id?: string | undefined };
  readonly content: Content;
}

/** What a request came to. */
interface Reply {
  readonly status: string;
  readonly ename?: string | undefined;
  readonly evalue?: string | undefined;
  readonly user_expressions?:
    | { readonly outcome?: { readonly data?: { readonly 'text/plain': string } | undefined } | undefined }
    | undefined;
}

/** Jupyter's messages as they go over a WebSocket, as far as they matter here (messaging protocol 5.3). */
export type KernelMessage =
  | Message<'stream', { readonly name: 'stdout' | 'stderr'; readonly text: string }>
  | Message<'status', { readonly execution_state: string }>
  | Message<'execute_reply', Reply>;

export const messageSchema: z.ZodType<KernelMessage> = z.discriminatedUnion('msg_type', [
  message('stream', z.object({ name: z.enum(['stdout', 'stderr']), text: z.string() })),
  message('status', z.object({ execution_state: z.string() })),
  message(
    'execute_reply',
    z.object({
      status: z.string(),
      ename: z.string().optional(),
      evalue: z.string().optional(),
      user_expressions: z
        .object({
          outcome: z.object({ data: z.object({ 'text/plain': z.string() }).optional() }).optional(),
        })
        .optional(),
    }),
  ),
]);

function message<Type extends string, Content extends z.ZodType>(type: Type, content: Content) {
  return z.object({
    msg_type: z.literal(type),
    parent_header: z.object({ msg_id: z.string().optional() }),
    content,
  });
}

/** A request to run `code` without a trace in the history, and to answer with the value of `expression`. */
export function executeRequest(
  code: string,
  { session, expression }: { readonly session: string; readonly expression: string },
): { readonly id: string; readonly text: string } {
  const id = randomUUID();
  const header = {
    msg_id: id,
    msg_type: 'execute_request',
    username: 'patchbay',
    session,
    version: '5.3',
    date: new Date().toISOString(),
  };
  const content = {
    code,
    silent: true,
    store_history: false,
    user_expressions: { outcome: expression },
    allow_stdin: false,
    stop_on_error: false,
  };
  const text = JSON.stringify({
    header,
    parent_header: {},
    metadata: {},
    content,
    channel: 'shell',
    buffers: [],
  });
  return { id, text };
}
