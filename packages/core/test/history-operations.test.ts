import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestRefusal } from '@patchbay/testing';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compactHistory, toExchanges } from '../src/history/compact.ts';
import {
  forkConversationLog,
  openConversationLog,
  readConversationLog,
} from '../src/history/conversation-log.ts';
import { createRedactor } from '../src/history/redactor.ts';
import { repairHistory } from '../src/history/repair.ts';
import { compactWithModel } from '../src/history/summarise-with-model.ts';
import { toMessagesBody } from '../src/model/anthropic-messages.ts';
import type { Message, ModelEvent } from '../src/model/language-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import { toChatBody } from '../src/model/openai-chat.ts';
import { toResponsesBody } from '../src/model/openai-responses.ts';
import { run } from '../src/run/run.ts';
import { textOutcome } from '../src/tools.ts';
import { definition, toolsOf } from './support/fake-tools.ts';
import { playing, say } from './support/playing.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-history-'));
});
afterAll(() => rm(folder, { recursive: true }));

const plain = createRedactor({});
let files = 0;
const newPath = (): string => join(folder, `${(files += 1)}.jsonl`);

const tools = toolsOf({
  add: () => textOutcome('2', false),
  fails: () => textOutcome('it broke', true),
  throws: () => Promise.reject(new Error('gone')),
  says: () => ({ content: [], isError: false }),
  shows: () => ({ content: [{ type: 'image', mimeType: 'image/png', data: 'AA==' }], isError: false }),
});

const text = fc.oneof(
  fc.stringMatching(/^[a-zü😀 ]{0,30}$/u),
  fc.constantFrom('', ' ', '\n\n', 'x'.repeat(500)),
);
// Ids of every provider, repeated, missing, and longer than some take.
const id = fc.constantFrom('', 'call_1', 'call_2', 'toolu_01', 'fc_9', `call_${'x'.repeat(80)}`);
const call = fc.record({
  id,
  name: fc.constantFrom('s__add', 's__fails', 's__throws', 's__says', 's__shows', 's__unknown'),
  argumentsJson: fc.constantFrom('{}', '', '{"a":1}', '{"a": ', 'null'),
});
const turn = fc
  .tuple(text, fc.array(call, { maxLength: 3 }))
  .map(([said, calls]): ModelEvent[] => [
    ...(said === '' ? [] : [say(said)]),
    ...calls.map((each) => ({ type: 'tool-call' as const, call: each })),
  ]);
const turns = fc.array(turn, { maxLength: 4 });

type Operation = (messages: readonly Message[]) => Promise<readonly Message[]>;

/** A request that is answered, or stopped at `until` events: by the user, by a failure, or by leaving it. */
function request(asked: string, events: readonly ModelEvent[][], until: number): Operation {
  return async (messages) => {
    const added: Message[] = [];
    const before = [...messages, userMessage(asked)];
    let count = 0;
    for await (const event of run({
      model: playing(events),
      tools,
      messages: before,
      limits: { maxTurns: 3 },
    })) {
      if (event.type === 'message-added') added.push(event.message);
      count += 1;
      if (count > until) break;
    }
    return repairHistory([...before, ...added]);
  };
}

async function written(messages: readonly Message[]): Promise<string> {
  const path = newPath();
  await using log = await openConversationLog(path, plain);
  for (const message of messages) await log.append(message);
  return path;
}

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(text, turns).map(([asked, events]) => request(asked, events, Infinity)) },
  fc.tuple(text, turns, fc.nat(12)).map(([asked, events, until]) => request(asked, events, until)),
  // A crash at any byte, and a resume.
  fc.double({ min: 0, max: 1, noNaN: true }).map((share): Operation => async (messages) => {
    const path = await written(messages);
    const { length } = await readFile(path);
    await truncate(path, Math.floor(share * length));
    return readConversationLog(path);
  }),
  fc.nat(4).map(
    (exchanges): Operation =>
      async (messages) =>
        forkConversationLog(await written(messages), newPath(), { exchanges, redact: plain }),
  ),
  fc.nat(30).map(
    (from): Operation =>
      async (messages) =>
        repairHistory(messages.slice(from)),
  ),
  fc.nat(3).map(
    (kept): Operation =>
      async (messages) =>
        toExchanges(messages).slice(-kept).flat(),
  ),
  fc.integer({ min: 1, max: 300 }).map(
    (tokens): Operation =>
      async (messages) =>
        compactHistory(messages, tokens),
  ),
  fc.tuple(fc.integer({ min: 1, max: 300 }), turn).map(
    ([maxTokens, said]): Operation =>
      async (messages) =>
        (await compactWithModel(messages, { maxTokens, model: playing([said]) })).messages,
  ),
);

/** What each wire format says of going on with the conversation, some of whose tools there are no more. */
function refusals(messages: readonly Message[]): (string | undefined)[] {
  const asked = { messages: [...messages, userMessage('and now?')], tools: [definition('add')] };
  return [
    requestRefusal('openai-chat', toChatBody(asked, { model: 'm', toolImages: 'sent' })),
    requestRefusal('openai-chat', toChatBody(asked, { model: 'm', toolImages: 'described' })),
    requestRefusal('openai-responses', toResponsesBody('m', asked)),
    requestRefusal('anthropic-messages', toMessagesBody('m', asked)),
  ];
}

test('whatever is done to a conversation, in whatever order, every provider takes it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 8 }), async (operations) => {
      let messages: readonly Message[] = [];
      for (const apply of operations) {
        messages = await apply(messages);
        expect(refusals(messages)).toEqual([undefined, undefined, undefined, undefined]);
        // Nothing is left to mend, so that what is kept is what was sent.
        expect(repairHistory(messages)).toEqual(messages);
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('a log that is cut at any byte keeps all that was whole before it, and goes on', async () => {
  await fc.assert(
    fc.asyncProperty(
      turns,
      text,
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (events, asked, share) => {
        const messages = await request(asked, events, Infinity)([]);
        const path = await written(messages);
        const bytes = await readFile(path);
        const cut = Math.floor(share * bytes.length);
        await truncate(path, cut);
        const whole =
          bytes
            .subarray(0, cut + 1)
            .toString()
            .split('\n').length - 1;
        await using log = await openConversationLog(path, plain);
        await log.append(userMessage('and now?'));
        const read = await readConversationLog(path);
        expect(read.at(-1)).toEqual(userMessage('and now?'));
        expect(read).toEqual(repairHistory([...messages.slice(0, whole), userMessage('and now?')]));
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);
