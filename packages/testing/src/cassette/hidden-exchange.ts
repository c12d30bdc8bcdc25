import type { Exchange, HttpExchange, HttpResponse, ReplyMessage, StreamedEvent } from './exchange.ts';
import type { Redaction } from './redaction.ts';

/** An exchange as it goes into the file: without secrets, whole or in pieces. */
export function hiddenExchange(exchange: Exchange, redaction: Redaction): Exchange {
  // A copy: what is under way goes on, and is not to change what is written.
  const copy = structuredClone(exchange);
  if (copy.kind === 'http') return hiddenHttp(copy, redaction);
  const { method, params } = copy.request;
  return {
    ...copy,
    request: { method, ...(params !== undefined && { params: redaction.hide(params) }) },
    reply: copy.reply.map((message) => hiddenMessage(message, redaction)),
  };
}

function hiddenMessage(message: ReplyMessage, redaction: Redaction): ReplyMessage {
  if ('closed' in message) return message;
  if ('result' in message) return { result: redaction.hide(message.result) };
  if ('error' in message) return { error: redaction.hide(message.error) };
  const { params, answer, ...rest } = message;
  return {
    ...rest,
    ...(params !== undefined && { params: redaction.hide(params) }),
    ...(answer !== undefined && { answer: redaction.hide(answer) }),
  };
}

function hiddenHttp({ request, response, ...rest }: HttpExchange, redaction: Redaction): HttpExchange {
  const { method, path, body } = request;
  return {
    ...rest,
    request: {
      method,
      path: String(redaction.hide(path)),
      ...(body !== undefined && { body: redaction.hide(body) }),
    },
    response: hiddenResponse(response, redaction),
  };
}

function hiddenResponse({ body, events, ...rest }: HttpResponse, redaction: Redaction): HttpResponse {
  return {
    ...rest,
    ...(body !== undefined && { body: redaction.hide(body) }),
    ...(events !== undefined && { events: hiddenEvents(events, redaction) }),
  };
}

function hiddenEvents(events: readonly StreamedEvent[], redaction: Redaction): readonly StreamedEvent[] {
  const hidden = redaction.hideInPieces(events.map(({ data }) => data));
  return events.map((event, at) => ({ ...event, data: hidden[at] }));
}
