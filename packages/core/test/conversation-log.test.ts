import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  forkConversationLog,
  openConversationLog,
  readConversationLog,
} from '../src/history/conversation-log.ts';
import { createRedactor } from '../src/history/redactor.ts';
import type { Message } from '../src/model/language-model.ts';
import { userMessage } from '../src/model/language-model.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

const plain = createRedactor({});
const conversation: readonly Message[] = [
  userMessage('17 × 23? 多少?'),
  {
    role: 'assistant',
    text: '',
    toolCalls: [{ id: 'a', name: 'math__multiply', argumentsJson: '{"a":17,"b":23}' }],
  },
  {
    role: 'tool',
    results: [
      {
        callId: 'a',
        name: 'math__multiply',
        content: [
          { type: 'text', text: '391' },
          { type: 'image', mimeType: 'image/png', data: 'iVBORw0KGgo=' },
        ],
        structured: { result: '391' },
        isError: false,
      },
    ],
  },
  { role: 'assistant', text: 'It is 391.', toolCalls: [] },
];

async function write(path: string, messages: readonly Message[]): Promise<void> {
  await using log = await openConversationLog(path, plain);
  for (const message of messages) await log.append(message);
}

test('what was written is read again, by nobody else', async () => {
  const path = join(folder, 'state', 'one.jsonl');
  await write(path, conversation);
  expect(await readConversationLog(path)).toEqual(conversation);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a log that was cut off at any byte gives a whole conversation, and goes on', async () => {
  const path = join(folder, 'cut.jsonl');
  await write(path, conversation);
  const whole = await readFile(path);
  for (let bytes = 0; bytes <= whole.length; bytes += 7) {
    await writeFile(path, whole);
    await truncate(path, bytes);
    await write(path, [userMessage('and now?')]);
    const messages = await readConversationLog(path);
    expect(messages.at(-1)).toEqual(userMessage('and now?'));
    for (const [index, message] of messages.entries()) {
      if (message.role !== 'assistant' || message.toolCalls.length === 0) continue;
      const next = messages[index + 1];
      expect(next?.role === 'tool' && next.results.map(({ callId }) => callId)).toEqual(['a']);
    }
  }
});

test('two writers at once lose no line', async () => {
  const path = join(folder, 'two.jsonl');
  const texts = Array.from({ length: 50 }, (_, index) => `${index} ${'x'.repeat(3000)}`);
  await Promise.all([write(path, texts.map(userMessage)), write(path, texts.map(userMessage))]);
  expect(await readConversationLog(path)).toHaveLength(100);
});

test('secrets do not reach the disk', async () => {
  const path = join(folder, 'secret.jsonl');
  const redact = createRedactor({
    OPENAI_API_KEY: 'sk-proj-abcdefgh12345678',
    DB_PASSWORD: 'correct horse battery',
    LONGER_TOKEN: 'correct horse battery staple',
    HOME: '/home/somebody',
    SHORT_KEY: 'abc',
  });
  const text =
    'key sk-proj-abcdefgh12345678, correct horse battery staple, correct horse battery, abc, /home/somebody, ' +
    'mysql://root:hunter2@db:3306/x, Authorization: Bearer eyJhbGciOiJIUzI1NiJ9, sk-other-0123456789abcdef';
  await using log = await openConversationLog(path, redact);
  await log.append(userMessage(text));
  const [message] = await readConversationLog(path);
  expect(message).toEqual(
    userMessage(
      'key [redacted], [redacted], [redacted], abc, /home/somebody, ' +
        'mysql://root:[redacted]@db:3306/x, Authorization: Bearer [redacted], [redacted]',
    ),
  );
});

test('a file that is not there is an error', async () => {
  await expect(readConversationLog(join(folder, 'none.jsonl'))).rejects.toThrow('ENOENT');
});

test('a secret is found however it is spelled in JSON, and nothing that is taken out breaks a line', async () => {
  const path = join(folder, 'spelled.jsonl');
  const secret = 'pa"ss\\word 123';
  const redact = createRedactor({ DB_PASSWORD: secret });
  const call = {
    id: 'a',
    name: 's__x',
    argumentsJson: JSON.stringify({ password: secret, host: 'http://h:80/a' }),
  };
  const messages: Message[] = [
    userMessage('see http://host:8080/a and mail@example.com'),
    { role: 'assistant', text: `It is ${secret}`, toolCalls: [call] },
    {
      role: 'tool',
      results: [
        {
          callId: 'a',
          name: 's__x',
          content: [{ type: 'text', text: JSON.stringify({ nested: JSON.stringify({ secret }) }) }],
          structured: { url: 'redis://:hunter2000@h/0', token: `eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(20)}.sig` },
          isError: false,
        },
      ],
    },
  ];
  await using log = await openConversationLog(path, redact);
  for (const message of messages) await log.append(message);
  expect(await readFile(path, 'utf8')).not.toMatch(/ss\\+word|hunter2000|eyJ/);
  const [asked, answer, result] = await readConversationLog(path);
  expect(asked).toEqual(messages[0]);
  expect(answer).toEqual({
    role: 'assistant',
    text: 'It is [redacted]',
    toolCalls: [{ ...call, argumentsJson: '{"password":"[redacted]","host":"http://h:80/a"}' }],
  });
  expect(result).toMatchObject({
    results: [
      {
        content: [{ type: 'text', text: '{"nested":"{\\"secret\\":\\"[redacted]\\"}"}' }],
        structured: { url: 'redis://:[redacted]@h/0', token: '[redacted]' },
      },
    ],
  });
});

test('a fork has the beginning, lives by itself, and is put over nothing', async () => {
  const path = join(folder, 'one.jsonl');
  const fork = join(folder, 'forks', 'two.jsonl');
  await write(path, [...conversation, userMessage('more?')]);
  expect(await forkConversationLog(path, fork, { exchanges: 1, redact: plain })).toEqual(conversation);
  await write(fork, [userMessage('elsewhere')]);
  expect(await readConversationLog(fork)).toEqual([...conversation, userMessage('elsewhere')]);
  expect(await readConversationLog(path)).toEqual([...conversation, userMessage('more?')]);
  expect((await stat(fork)).mode & 0o777).toBe(0o600);
  await expect(forkConversationLog(path, fork, { redact: plain })).rejects.toThrow('EEXIST');
});
