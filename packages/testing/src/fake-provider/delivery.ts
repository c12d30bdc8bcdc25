import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { ProviderAnswer, ProviderTurn } from './provider-turn.ts';
import { withQuirks } from './quirks.ts';
import type { AnswerContext, ServerSentEvent, Wire } from './wire.ts';

const DEFAULT_PARTIAL: ProviderAnswer = { text: 'The answer is on its way, but not all of it arrives.' };
const DEFAULT_INTERVAL_MS = 20;

export interface Delivery {
  readonly response: ServerResponse;
  readonly wire: Wire;
  readonly context: AnswerContext;
  readonly isStreaming: boolean;
  /** Aborted when the client hangs up, which ends every delivery. */
  readonly signal: AbortSignal;
}

/** Sends one turn, faults included. Resolves when all of it is sent or the client is gone. */
export async function deliver(turn: ProviderTurn, delivery: Delivery): Promise<void> {
  const { response, wire, context, isStreaming } = delivery;
  if (turn.kind === 'http-error') return sendBody(response, turn.status, turn.body, turn.headers);
  if (turn.kind === 'answer') {
    if (!isStreaming) return sendBody(response, 200, wire.toBody(turn, context));
    await stream(eventsOf(turn, delivery), delivery);
    return void response.end();
  }
  const events = eventsOf(turn.partial ?? DEFAULT_PARTIAL, delivery);
  const firstHalf = isStreaming ? events.slice(0, Math.ceil(events.length / 2)) : [];
  await stream(firstHalf, delivery);
  await strike(turn, firstHalf, delivery);
}

function eventsOf(answer: ProviderAnswer, { wire, context }: Delivery): readonly ServerSentEvent[] {
  return withQuirks(wire.toEvents(answer, context), wire.api, answer.quirks);
}

type Fault = Exclude<ProviderTurn, { kind: 'answer' } | { kind: 'http-error' }>;

async function strike(
  fault: Fault,
  sent: readonly ServerSentEvent[],
  { response, wire, context, isStreaming, signal }: Delivery,
): Promise<void> {
  switch (fault.kind) {
    case 'error-event':
      if (!isStreaming) return sendBody(response, 500, wire.overloadBody);
      await stream([wire.toErrorEvent({ sent: sent.length, context, form: fault.form ?? 'error' })], {
        response,
        signal,
      });
      return void response.end();
    case 'cut':
      return void response.destroy();
    case 'hang':
      if (!signal.aborted) await once(signal, 'abort');
      return;
    case 'endless':
      while (!signal.aborted) {
        await stream(sent.slice(-1), { response, signal });
        await delay(fault.intervalMs ?? DEFAULT_INTERVAL_MS);
      }
      return;
    default:
      fault satisfies never;
  }
}

/** Sends a whole response: HTML when the body is a string, JSON otherwise. */
export function sendBody(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const isHtml = typeof body === 'string';
  response.writeHead(status, { 'content-type': isHtml ? 'text/html' : 'application/json', ...headers });
  response.end(isHtml ? body : JSON.stringify(body ?? {}));
}

async function stream(
  events: readonly ServerSentEvent[],
  { response, signal }: Pick<Delivery, 'response' | 'signal'>,
): Promise<void> {
  if (events.length > 0 && !response.headersSent) {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
    });
  }
  for (const { event, data } of events) {
    if (signal.aborted) return;
    const isFlushed = response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`);
    // A turn of the loop between events, so that they leave as chunks of their own.
    await (isFlushed ? nextTurn() : Promise.race([once(response, 'drain'), once(signal, 'abort')]));
  }
}
