import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import type { ServerProcess } from '@patchbay/testing';
import { startServerProcess } from '@patchbay/testing';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const main = new URL('../src/main.ts', import.meta.url);

type Format = 'sqlite' | 'markdown';

function start(format: Format, folder: { file(name: string): string }): Promise<ServerProcess> {
  const env = { NOTES_FORMAT: format, NOTES_DB: folder.file('notes.db'), NOTES_DIR: folder.file('notes') };
  return startServerProcess({ main, env });
}

async function textsOf(
  server: ServerProcess,
  calls: readonly (readonly [name: string, args: Record<string, unknown>])[],
): Promise<readonly string[]> {
  const texts = [];
  for (const [name, args] of calls) texts.push((await server.callTool(name, args)).text.split('\n')[0] ?? '');
  return texts;
}

describe.for<Format>(['sqlite', 'markdown'])('kept as %s', (format) => {
  test('a note is saved, found in Chinese too, changed, deleted, and brought back', async () => {
    using folder = temporaryFolder();
    await using server = await start(format, folder);
    expect(
      await textsOf(server, [
        ['save_note', { key: '日记/今天', value: '今天天气很好', tags: ['天气'] }],
        ['search_notes', { query: '天气' }],
        ['save_note', { key: '日记/今天', value: '明天下雨', mode: 'append' }],
        ['recall', { key: '日记/今天' }],
        ['undo_note', { key: '日记/今天' }],
        ['search_notes', { query: '下雨' }],
        ['delete_note', { key: '日记/今天' }],
        ['recall_note', { key: '日记/今天' }],
        ['recall_note', { key: '日记/今天', version: 2 }],
        ['list_notes', {}],
        ['undo_note', { key: '日记/今天' }],
        ['recall_note', { key: '日记/今天' }],
        ['undo_note', { key: '日记/今天', version: 2 }],
        ['list_notes', { tag: '天气' }],
        ['list_notes', { tag: 'other' }],
      ]),
    ).toEqual([
      'Saved "日记/今天" (version 1, 18 bytes).',
      '日记/今天: 今天天气很好',
      'Saved "日记/今天" (version 2, 31 bytes).',
      '今天天气很好',
      'Brought version 1 of "日记/今天" back (now version 3).',
      'No note has any of these words.',
      'Deleted "日记/今天" (undo_note brings it back).',
      'NOT_FOUND: Note "日记/今天" not found. No key looks like it.',
      '今天天气很好',
      'No notes.',
      'Brought version 3 of "日记/今天" back (now version 4).',
      '今天天气很好',
      'Brought version 2 of "日记/今天" back (now version 5).',
      '日记/今天',
      'No notes.',
    ]);
    const { structured } = await server.callTool('note_history', { key: '日记/今天' });
    expect(structured).toMatchObject({
      deleted: false,
      versions: [5, 4, 3, 2, 1].map((version) => ({ version, current: version === 5 })),
    });
  });

  test('what is forgotten is gone, with all of its versions', async () => {
    using folder = temporaryFolder();
    await using server = await start(format, folder);
    expect(
      await textsOf(server, [
        ['save', { key: 'secret', value: 'one' }],
        ['save', { key: 'secret', value: 'two' }],
        ['delete_note', { key: 'secret' }],
        ['delete_note', { key: 'secret', forget: true }],
        ['note_history', { key: 'secret' }],
        ['undo_note', { key: 'secret' }],
        ['delete_note', { key: 'secret', forget: true }],
      ]),
    ).toEqual([
      'Saved "secret" (version 1, 3 bytes).',
      'Saved "secret" (version 2, 3 bytes).',
      'Deleted "secret" (undo_note brings it back).',
      'Deleted "secret" (for good).',
      ...Array.from({ length: 3 }, () => 'NOT_FOUND: Note "secret" not found. No key looks like it.'),
    ]);
  });

  test('a save that wants the note otherwise than it is changes nothing', async () => {
    using folder = temporaryFolder();
    await using server = await start(format, folder);
    expect(
      await textsOf(server, [
        ['save_note', { key: 'a', value: '1', mode: 'create' }],
        ['save_note', { key: 'a', value: '2', mode: 'create' }],
        ['save_note', { key: 'a', value: '2', if_version: 0 }],
        ['save_note', { key: 'a', value: '2', if_version: 1 }],
        ['save_note', { key: 'b', value: '2', if_version: 1 }],
        ['save_note', { key: 'a', value: '2' }],
        ['recall', { key: 'a' }],
      ]),
    ).toEqual([
      'Saved "a" (version 1, 1 bytes).',
      'EXISTS: There is a note "a" already (version 1)',
      'CONFLICT: Note "a" is at version 1, not at version 0',
      'Saved "a" (version 2, 1 bytes).',
      'CONFLICT: Note "b" is not there, not at version 1',
      'Saved "a" (version 2, 1 bytes).',
      '2',
    ]);
  });

  test('a long note is read in pieces', async () => {
    using folder = temporaryFolder();
    await using server = await start(format, folder);
    const value = 'A sentence about nothing. '.repeat(4000);
    await server.callTool('save', { key: 'long', value });
    let read = '';
    for (let offset: number | undefined = 0; offset !== undefined;) {
      const { structured } = await server.callTool('recall_note', { key: 'long', offset, max_chars: 30_000 });
      const piece = structured as { value: string; total_chars: number; next_offset?: number };
      read += piece.value;
      offset = piece.next_offset;
    }
    expect(read).toBe(value);
  });

  test('notes are resources whose keys are completed', async () => {
    using folder = temporaryFolder();
    await using server = await start(format, folder);
    await server.callTool('save', { key: 'trip/café', value: 'open until six' });
    const { resources } = await server.client.listResources();
    expect(resources.map(({ name }) => name)).toEqual(['trip/café']);
    const { contents } = await server.client.readResource({ uri: resources[0]?.uri ?? '' });
    expect(contents).toMatchObject([{ text: 'open until six' }]);
    await expect(server.client.readResource({ uri: 'note://gone' })).rejects.toThrow('note://gone');
    const ref = { type: 'ref/resource', uri: 'note://{+key}' } as const;
    const { completion } = await server.client.complete({ ref, argument: { name: 'key', value: 'tr' } });
    expect(completion.values).toEqual(['trip/café']);
    const { messages } = await server.client.getPrompt({ name: 'summarize_notes', arguments: { tag: 'x' } });
    expect(messages).toMatchObject([{ content: { text: expect.stringContaining('tagged "x"') } }]);
    const blank = await server.client.getPrompt({ name: 'summarize_notes', arguments: { tag: ' ' } });
    expect(blank.messages).toMatchObject([
      { content: { text: expect.stringMatching(/^Sum up all notes:/) } },
    ]);
  });

  test('two processes that write at once lose nothing, nor does one that is killed', async () => {
    using folder = temporaryFolder();
    const servers = await Promise.all([start(format, folder), start(format, folder)]);
    let count = 0;
    const acknowledged = new Set<string>();
    await Promise.allSettled(
      servers.flatMap((server, writer) =>
        Array.from({ length: 60 }, async (_, index) => {
          const line = `${writer}-${index}`;
          const { isError } = await server.callTool('save_note', { key: 'log', value: line, mode: 'append' });
          if (!isError) acknowledged.add(line);
          count += 1;
          if (count === 50) process.kill(servers[0]?.pid ?? 0, 'SIGKILL');
        }),
      ),
    );
    await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    expect(acknowledged.size).toBeGreaterThanOrEqual(60);
    await using third = await start(format, folder);
    const { text } = await third.callTool('recall', { key: 'log' });
    expect([...acknowledged].filter((line) => !text.split('\n').includes(line))).toEqual([]);
  });
});

describe('a folder of Markdown files', () => {
  test('holds a file for each note, and takes what other programs put there', async () => {
    using folder = temporaryFolder();
    await using server = await start('markdown', folder);
    await server.callTool('save_note', { key: 'trip/paris', value: '# Paris\n\nRain.', tags: ['travel'] });
    expect(readFileSync(folder.file('notes/trip/paris.md'), 'utf8')).toMatch(
      /^---\nkey: "trip\/paris"\ntags: \["travel"\]\nversion: 1\nupdated: "[^"]+"\n---\n\n# Paris\n\nRain\.$/u,
    );
    mkdirSync(folder.file('notes/mine'));
    writeFileSync(folder.file('notes/mine/plain.md'), 'No front matter.');
    writeFileSync(folder.file('notes/obsidian.md'), '---\ntags: [one, two]\naliases: x\n---\nText');
    writeFileSync(folder.file('notes/.hidden.md'), 'hidden');
    expect((await server.callTool('list_notes')).text).toBe('mine/plain\nobsidian\ntrip/paris');
    expect((await server.callTool('recall', { key: 'obsidian' })).structured).toMatchObject({
      value: 'Text',
      tags: ['one', 'two'],
      version: 1,
    });
  });

  test('cannot be left, by whatever key or link', async () => {
    using folder = temporaryFolder();
    await using server = await start('markdown', folder);
    const keys = [
      '..',
      '../out',
      '../../out',
      '/etc/out',
      'a/../../out',
      '.hidden',
      'C:\\out',
      'con',
      'a//b',
      '.',
    ];
    for (const [index, key] of keys.entries()) {
      expect(await server.callTool('save', { key, value: `${index}` })).toMatchObject({ isError: false });
      expect((await server.callTool('recall', { key })).text).toBe(`${index}`);
    }
    const listed = (await server.callTool('list_notes')).text.split('\n');
    expect(listed.toSorted()).toEqual([...keys].toSorted());
    expect(readdirSync(folder.file('.'))).toEqual(['notes']);
    symlinkSync('/etc', folder.file('notes/link'));
    expect((await server.callTool('save', { key: 'link/passwd', value: 'x' })).text).toMatch(/^STORAGE: /u);
  });
});
