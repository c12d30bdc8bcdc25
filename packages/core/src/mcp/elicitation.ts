import type { Client } from '@modelcontextprotocol/client';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/client';
import type { JsonSchema } from '../tools.ts';
import { bounded, printable } from '../untrusted-text.ts';
import type { Questions } from './questions.ts';

/** Longest message of a server that the user is shown, in characters. */
const MAX_MESSAGE_CHARS = 10_000;

/**
 * What a server wants to know from the user: the fields of a form, or a visit to an address. Safe to print, the address
 * is of the web, and the message has 10,000 characters at most.
 */
export type ElicitationRequest = { readonly server: string; readonly message: string } & (
  | { readonly mode: 'form'; readonly schema: JsonSchema }
  | { readonly mode: 'url'; readonly url: string }
);

export type ElicitationAnswer =
  | {
      readonly action: 'accept';
      /** The values of a form, by field. */
      readonly content?: Readonly<Record<string, string | number | boolean | string[]>>;
    }
  | { readonly action: 'decline' | 'cancel' };

/** Asks the user. Which server asks has to be shown: its words are its own. */
export type Elicit = (request: ElicitationRequest, signal: AbortSignal) => Promise<ElicitationAnswer>;

/** Lets a server ask the user, in both eras, once its client has said that it can. */
export function serveElicitation(
  client: Client,
  { server, elicit, questions }: { server: string; elicit: Elicit; questions: Questions },
): void {
  client.setRequestHandler('elicitation/create', ({ params }, { mcpReq }) => {
    const about = { server, message: bounded(printable(params.message), MAX_MESSAGE_CHARS) };
    const request: ElicitationRequest =
      params.mode === 'url'
        ? { ...about, mode: 'url', url: webAddress(params.url) }
        : { ...about, mode: 'form', schema: { ...params.requestedSchema } };
    return questions.during(async () => {
      const answer = await elicit(request, mcpReq.signal);
      return answer.action === 'accept' ? { action: 'accept', content: { ...answer.content } } : answer;
    });
  });
}

/** Opening an address of another kind may run a program. */
function webAddress(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The address is none of the web');
}
