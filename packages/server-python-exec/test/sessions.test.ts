import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { PythonBackend, PythonSession } from '../src/backend.ts';
import { Sessions } from '../src/sessions.ts';

/** A backend whose interpreters do nothing but be there; `fails` says which of them do not start. */
function countingBackend(fails: (number: number) => boolean = () => false) {
  const started: { readonly number: number; end: (reason: string) => void; isClosed: boolean }[] = [];
  const backend: PythonBackend = {
    name: 'counting',
    summary: { modules: '', missing: '' },
    facts: () => Promise.reject(new Error('not asked')),
    async openSession(): Promise<PythonSession> {
      const { promise: ended, resolve: end } = Promise.withResolvers<string>();
      const entry = { number: started.length + 1, end, isClosed: false };
      started.push(entry);
      if (fails(entry.number)) throw new Error(`number ${entry.number} does not start`);
      return {
        ended,
        run: () => Promise.reject(new Error('not asked')),
        listVariables: async () => [{ name: String(entry.number), type: '', summary: '' }],
        async [Symbol.asyncDispose]() {
          entry.isClosed = true;
          end('closed');
        },
      };
    },
    async [Symbol.asyncDispose]() {},
  };
  return { backend, started };
}

const LIMITS = { maxSessions: 4, idleMs: 60_000 };

/** Which of the interpreters a session has. */
const numberOf = (sessions: Sessions, name: string): Promise<string | undefined> =>
  sessions.use(name, async ({ session }) => (await session.listVariables())[0]?.name);

test('a new session gets the interpreter that waits, and another is started to wait', async () => {
  const { backend, started } = countingBackend();
  await using sessions = new Sessions(backend, LIMITS);
  sessions.keepSpare();
  expect(started).toHaveLength(1);
  expect(await numberOf(sessions, 'a')).toBe('1');
  await expect.poll(() => started.length).toBe(2);
  expect(await numberOf(sessions, 'a')).toBe('1');
  expect(await numberOf(sessions, 'b')).toBe('2');
});

test('one that is there already waits for the first session', async () => {
  const { backend, started } = countingBackend();
  await using sessions = new Sessions(backend, LIMITS);
  sessions.keepSpare(await backend.openSession());
  expect(started).toHaveLength(1);
  expect(await numberOf(sessions, 'a')).toBe('1');
  await expect.poll(() => started.length).toBe(2);
});

test('without being told to, none waits', async () => {
  const { backend, started } = countingBackend();
  await using sessions = new Sessions(backend, LIMITS);
  expect(await numberOf(sessions, 'a')).toBe('1');
  expect(started).toHaveLength(1);
});

test('after a session lost its interpreter, its next call has the one that waits', async () => {
  const { backend, started } = countingBackend();
  await using sessions = new Sessions(backend, LIMITS);
  sessions.keepSpare();
  await numberOf(sessions, 'a');
  await expect.poll(() => started.length).toBe(2);
  started[0]?.end('killed');
  await expect.poll(() => sessions.names).toEqual([]);
  expect(await numberOf(sessions, 'a')).toBe('2');
});

test('one that did not start, or ended while it waited, is made up for', async () => {
  const { backend, started } = countingBackend((number) => number === 1);
  await using sessions = new Sessions(backend, LIMITS);
  sessions.keepSpare();
  expect(await numberOf(sessions, 'a')).toBe('2');
  await expect.poll(() => started.length).toBe(3);
  started[2]?.end('killed');
  await nextTurn();
  expect(await numberOf(sessions, 'b')).toBe('4');
});

test('closing ends the one that waits too, and starts no other', async () => {
  const { backend, started } = countingBackend();
  const sessions = new Sessions(backend, LIMITS);
  sessions.keepSpare();
  await numberOf(sessions, 'a');
  await expect.poll(() => started.length).toBe(2);
  await sessions[Symbol.asyncDispose]();
  sessions.keepSpare();
  expect(started.map(({ isClosed }) => isClosed)).toEqual([true, true]);
});

test('an idle session is closed, and its next call is told once', async () => {
  const { backend, started } = countingBackend();
  await using sessions = new Sessions(backend, { maxSessions: 4, idleMs: 10 });
  await numberOf(sessions, 'a');
  await expect.poll(() => sessions.names).toEqual([]);
  await expect.poll(() => started[0]?.isClosed).toBe(true);
  const told = () => sessions.use('a', async ({ lostBefore }) => lostBefore);
  expect([await told(), await told()]).toEqual([
    'the session was closed after 10 ms without a call',
    undefined,
  ]);
});

test('a session that works longer than sessions may be idle is not closed', async () => {
  const { backend } = countingBackend();
  await using sessions = new Sessions(backend, { maxSessions: 4, idleMs: 10 });
  const work = sessions.use('a', () => new Promise((resolve) => setTimeout(resolve, 50)));
  await work;
  expect(sessions.names).toEqual(['a']);
});
