// Disks that are full, read-only, or in the way: what is told, and that everything goes on.
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PatchbayError } from '@patchbay/core';
import { fileNotWritten, userMessage } from '@patchbay/core';
import { faultyServer, scriptedTurns, startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { InputHistory } from '../src/chat/input-history.ts';
import { KeptLog } from '../src/chat/kept-log.ts';
import { ConversationStore } from '../src/conversation-store.ts';
import { projectFolder } from '../src/folders.ts';
import { NotKept } from '../src/not-kept.ts';
import { createProject, math } from './support/cli.ts';
import { PseudoTerminal } from './support/pseudo-terminal.ts';

/** A disk that has no room: it can be opened, and every write fails. */
const FULL = '/dev/full';
const GOES_ON = 'Use --data-dir <folder> to keep it elsewhere. All goes on, without saving.';

test('a full disk is told once of the history and once of the conversation, also to who listens later', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-full-'));
  const [history, log] = [join(folder, 'history'), join(folder, 'talk.jsonl')];
  await Promise.all([symlink(FULL, history), symlink(FULL, log)]);
  const notKept = new NotKept();
  const redact = (text: string): string => text;
  const typed = new InputHistory({ path: history, redact, notKept });
  await using kept = new KeptLog(new ConversationStore(folder, redact), notKept);
  await kept.moveTo('talk');
  for (const text of ['one', 'two']) {
    await typed.add(text);
    await kept.append(userMessage(text));
  }
  const told: PatchbayError[] = [];
  notKept.tellThrough((error) => told.push(error));
  expect(told.map(({ code, message, hint }) => ({ code, message, hint }))).toEqual(
    [history, log].map((path) => ({
      code: 'FILE_NOT_WRITTEN',
      message: `Cannot write ${path}: no space is left (ENOSPC)`,
      hint: GOES_ON,
    })),
  );
  await rm(folder, { recursive: true });
});

test('what cannot be allowed for good is said, and stays allowed meanwhile', async () => {
  await using project = await createProject({ math: { ...math, trusted: false } });
  const place = projectFolder(join(project.folder, 'state'), project.folder);
  await mkdir(place, { recursive: true });
  await symlink(FULL, join(place, 'allowed.json.new'));
  const input = '/approve math\n/approve save\nAdd 1 and 2.\n';
  const { stdout } = await project.patchbay([], { input });
  expect(stdout).toMatch(
    /✗ Cannot write \S+\/allowed\.json: no space is left \(ENOSPC\)\n {2}→ Use --data-dir <folder> to keep it elsewhere\. Until this run ends, it stays allowed\.\n[^]*1 \+ 2 = 3\./,
  );
});

test('a data folder that cannot be is told of at the terminal, for each thing once, and the chat goes on', async () => {
  await using provider = await startFakeProvider(
    scriptedTurns([
      { kind: 'answer', toolCalls: [{ name: 'big__big', args: {} }] },
      { kind: 'answer', text: 'It is long.' },
      { kind: 'answer', text: 'Still here.' },
    ]),
  );
  await using project = await createProject({ big: faultyServer('big-result', 1) });
  using terminal = await PseudoTerminal.start(project, {
    args: ['--data-dir', 'mcp.json', '--yes', '--model', 'openai/m'],
    env: { ...provider.openAiEnv },
    columns: 250,
  });
  await terminal.shows('you ›');
  terminal.type('How long?\r');
  await terminal.shows(/It is long\.[^]*you ›$/);
  terminal.type('And now?\r');
  await terminal.shows(/Still here\.[^]*you ›$/);
  const told = Array.from(
    terminal.text.matchAll(/✗ Cannot write (\S+): (.*)\n {2}→ (.*)/g),
    ([, ...words]) => words,
  );
  const state = join(project.folder, 'mcp.json');
  const why = ['a part of its path is no folder (ENOTDIR)', GOES_ON];
  expect(
    told.map(([path = '', ...words]) => [path.replace(/\/[^/]*\.(jsonl|txt)$/, '/*.$1'), ...words]),
  ).toEqual([
    [join(state, 'history'), ...why],
    [join(projectFolder(state, project.folder), 'conversations', '*.jsonl'), ...why],
    [join(projectFolder(state, project.folder), 'artifacts', '*.txt'), ...why],
  ]);
  expect(terminal.text).toContain(
    '→ It could not be kept in a file: the model can read on in it while this program runs.',
  );
});

test.for([
  ['ENOSPC', 'no space is left'],
  ['EROFS', 'the file system is read-only'],
  ['EACCES', 'it may not be written'],
  ['EDQUOT', 'the quota is used up'],
] as const)('%s is told in words', ([code, words]) => {
  const { message } = fileNotWritten('/home/me/x', Object.assign(new Error('no'), { code }));
  expect(message).toBe(`Cannot write /home/me/x: ${words} (${code})`);
});
