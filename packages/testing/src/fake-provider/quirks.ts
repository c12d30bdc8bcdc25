import type { JsonObject } from '../json.ts';
import { isObject, objectsIn, parseOrKeep, stringOr, valueAt } from '../json.ts';
import type { ProviderApi } from './provider-request.ts';
import type { StreamQuirk } from './provider-turn.ts';
import type { ServerSentEvent } from './wire.ts';

/** One event with its data parsed; a marker such as `[DONE]` has none. */
interface Parsed {
  readonly sent: ServerSentEvent;
  readonly data: JsonObject | undefined;
}

/** A stream as a server sends it that departs from the API's documents in the given ways. */
export function withQuirks(
  events: readonly ServerSentEvent[],
  api: ProviderApi,
  quirks: readonly StreamQuirk[] = [],
): readonly ServerSentEvent[] {
  return quirks.reduce<readonly ServerSentEvent[]>(
    (changed, quirk) => QUIRKS[quirk](changed.map(parsed), api).map(printed),
    events,
  );
}

type Change = (events: readonly Parsed[], api: ProviderApi) => readonly Parsed[];

const QUIRKS: Readonly<Record<StreamQuirk, Change>> = {
  'whole-calls': gathered,
  'no-index': (events) => events.map((event) => without(event, ['index', 'output_index'])),
  'no-id': (events, api) => events.map((event) => withoutCallId(event, api)),
  'no-usage': (events) => events.filter(({ data }) => !isUsageAlone(data)).map(withoutUsage),
  'repeated-name': repeatedNames,
};

/** The first piece of each call's arguments has all of them, and the others do not come. */
function gathered(events: readonly Parsed[]): readonly Parsed[] {
  const whole = new Map<string, string>();
  for (const { data } of events) {
    const piece = argumentPiece(data);
    if (piece) whole.set(piece.call, (whole.get(piece.call) ?? '') + piece.text);
  }
  return events.flatMap((event) => {
    const piece = argumentPiece(event.data);
    if (!piece) return [event];
    const text = whole.get(piece.call);
    whole.delete(piece.call);
    return text === undefined ? [] : [{ ...event, data: piece.replaced(text) }];
  });
}

interface ArgumentPiece {
  readonly call: string;
  readonly text: string;
  replaced(text: string): JsonObject;
}

function argumentPiece(data: JsonObject | undefined): ArgumentPiece | undefined {
  const [call] = chatCalls(data);
  if (data && call) {
    const text = stringOr(valueAt(call, 'function', 'arguments'), '');
    const replaced = (all: string): JsonObject =>
      withChatCalls(data, (each) => ({ ...each, function: { ...functionOf(each), arguments: all } }));
    return { call: String(call['index']), text, replaced };
  }
  if (data?.['type'] === 'response.function_call_arguments.delta') {
    const text = stringOr(data['delta'], '');
    return { call: String(data['output_index']), text, replaced: (delta) => ({ ...data, delta }) };
  }
  const delta = data?.['delta'];
  if (data === undefined || !isObject(delta) || delta['type'] !== 'input_json_delta') return undefined;
  const replaced = (json: string): JsonObject => ({ ...data, delta: { ...delta, partial_json: json } });
  return { call: String(data['index']), text: stringOr(delta['partial_json'], ''), replaced };
}

/** Of Chat Completions alone: elsewhere the name stands where a call begins and nowhere else. */
function repeatedNames(events: readonly Parsed[]): readonly Parsed[] {
  let name: unknown;
  return events.map((event) => {
    if (!event.data) return event;
    const data = withChatCalls(event.data, (call) => {
      name = functionOf(call)['name'] ?? name;
      return { ...call, function: { ...functionOf(call), name } };
    });
    return { ...event, data };
  });
}

function withoutCallId(event: Parsed, api: ProviderApi): Parsed {
  const { data } = event;
  if (!data) return event;
  if (api === 'openai-chat') {
    return { ...event, data: withChatCalls(data, ({ id: _id, ...call }) => call) };
  }
  const key = api === 'anthropic-messages' ? 'content_block' : 'item';
  const item = data[key];
  if (!isObject(item) || (item['type'] !== 'tool_use' && item['type'] !== 'function_call')) return event;
  const { id: _id, ...rest } = item;
  return { ...event, data: { ...data, [key]: rest } };
}

/** Leaves the fields out of an event and of the calls in it; a choice keeps its own index. */
function without(event: Parsed, names: readonly string[]): Parsed {
  if (!event.data) return event;
  const drop = (object: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
  return { ...event, data: withChatCalls(drop(event.data), drop) };
}

function isUsageAlone(data: JsonObject | undefined): boolean {
  return Array.isArray(data?.['choices']) && data['choices'].length === 0;
}

function withoutUsage(event: Parsed): Parsed {
  const { data } = event;
  if (!data) return event;
  const { usage: _usage, ...rest } = data;
  // Where the usage stands deeper, the API has no stream without it: it is null there.
  const inner = ['message', 'response'].find((name) => isObject(rest[name]));
  if (inner === undefined) return { ...event, data: rest };
  const object = rest[inner];
  return { ...event, data: { ...rest, [inner]: { ...(isObject(object) && object), usage: null } } };
}

function chatCalls(data: JsonObject | undefined): readonly JsonObject[] {
  return objectsIn(valueAt(objectsIn(data?.['choices'])[0], 'delta', 'tool_calls'));
}

function withChatCalls(data: JsonObject, change: (call: JsonObject) => JsonObject): JsonObject {
  const calls = chatCalls(data);
  const [choice] = objectsIn(data['choices']);
  if (!choice || calls.length === 0) return data;
  const delta = isObject(choice['delta']) ? choice['delta'] : {};
  return { ...data, choices: [{ ...choice, delta: { ...delta, tool_calls: calls.map(change) } }] };
}

function functionOf(call: JsonObject): JsonObject {
  return isObject(call['function']) ? call['function'] : {};
}

function parsed(sent: ServerSentEvent): Parsed {
  const data = parseOrKeep(sent.data);
  return { sent, data: isObject(data) ? data : undefined };
}

function printed({ sent, data }: Parsed): ServerSentEvent {
  return data ? { ...sent, data: JSON.stringify(data) } : sent;
}
