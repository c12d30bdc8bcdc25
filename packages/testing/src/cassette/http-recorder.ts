import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { parseOrKeep } from '../json.ts';
import { parseEvents } from './event-stream.ts';
import type { HttpExchange, HttpResponse } from './exchange.ts';

/** What is of one connection, or would be wrong after the body was unpacked. */
const NOT_FORWARDED = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
]);
/** All that clients act on. Keys and cookies are in others, which are not kept. */
const KEPT_HEADERS = new Set([
  'content-type',
  'mcp-protocol-version',
  'mcp-session-id',
  'request-id',
  'retry-after',
  'www-authenticate',
  'x-request-id',
]);

export interface HttpTarget {
  readonly channel: string;
  /** Where requests go on to; `rest` of their path is added to it. */
  readonly url: string;
  readonly rest: string;
}

/**
 * Hands a request on, and its answer back as it comes. `onBegin` gets a function that gives the exchange as far as it is, so
 * that nothing is lost whenever the recording ends.
 */
export async function recordHttp(
  incoming: IncomingMessage,
  response: ServerResponse,
  { channel, url, rest, onBegin }: HttpTarget & { readonly onBegin: (exchange: () => HttpExchange) => void },
): Promise<void> {
  const { method = 'GET' } = incoming;
  const sent = await readText(incoming);
  const body = sent === '' ? {} : { body: parseOrKeep(sent) };
  const heard: Heard = { text: '', end: 'open' };
  onBegin(() => ({
    kind: 'http',
    channel,
    request: { method, path: rest, ...body },
    response: toResponse(heard),
  }));
  const left = new AbortController();
  response.once('close', () => left.abort());
  try {
    heard.answer = await fetch(joined(url, rest), {
      method,
      headers: forwarded(incoming),
      ...(sent !== '' && { body: sent }),
      signal: left.signal,
      redirect: 'manual',
    });
    await relay(heard, heard.answer, response);
    heard.end = undefined;
    response.end();
  } catch {
    // Nobody answered, or it broke off: the client learns it in the same way, now and in a replay.
    heard.end = left.signal.aborted ? 'open' : 'cut';
    response.destroy();
  }
}

/** What has come of an answer so far. */
interface Heard {
  answer?: Response;
  text: string;
  end: HttpResponse['end'] | undefined;
}

async function relay(heard: Heard, answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, [...answer.headers].filter(([name]) => !NOT_FORWARDED.has(name)).flat());
  response.flushHeaders();
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    heard.text += decoder.decode(chunk, { stream: true });
    response.write(chunk);
  }
}

function toResponse({ answer, text, end }: Heard): HttpResponse {
  const ended = end === undefined ? {} : { end };
  if (!answer) return { status: 0, headers: {}, ...ended };
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => KEPT_HEADERS.has(name)));
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const content = isStream ? { events: parseEvents(text) } : text !== '' && { body: parseOrKeep(text) };
  return { status: answer.status, headers, ...content, ...ended };
}

function forwarded({ headers }: IncomingMessage): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || NOT_FORWARDED.has(name)) continue;
    for (const each of [value].flat()) result.append(name, each);
  }
  return result;
}

function joined(base: string, rest: string): string {
  const url = new URL(base);
  const added = new URL(
    rest === '' ? 'http://x' : rest.startsWith('/') ? `http://x${rest}` : `http://x/${rest}`,
  );
  if (rest !== '' && rest !== '/') url.pathname = url.pathname.replace(/\/$/, '') + added.pathname;
  for (const [name, value] of added.searchParams) url.searchParams.append(name, value);
  return url.href;
}
