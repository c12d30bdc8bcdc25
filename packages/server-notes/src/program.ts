import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { serve } from '@patchbay/server-kit';
import * as z from 'zod';
import manifest from '../package.json' with { type: 'json' };
import { openMarkdownStore } from './markdown/markdown-store.ts';
import { createServer } from './server.ts';
import { openSqliteStore } from './sqlite-store.ts';

// The base directory specification says to ignore a relative path.
const dataHome = process.env['XDG_DATA_HOME'] ?? '';
const dataFolder = isAbsolute(dataHome) ? dataHome : join(homedir(), '.local', 'share');

/** Configuration files are read without a shell, so nobody else expands the tilde. */
const path = (fallback: string): z.ZodType<string> =>
  z
    .string()
    .default(join(dataFolder, 'patchbay', fallback))
    .transform((text) => text.replace(/^~(?=\/|$)/, homedir()));

await serve({
  manifest,
  settings: {
    format: {
      flag: 'format',
      env: 'NOTES_FORMAT',
      schema: z.enum(['sqlite', 'markdown']).default('sqlite'),
      description: 'how notes are kept: sqlite, one file; or markdown, a folder with a file for each',
    },
    db: {
      flag: 'db',
      env: 'NOTES_DB',
      schema: path('notes.db'),
      description: 'file that keeps the notes, made when it is missing',
    },
    dir: {
      flag: 'dir',
      env: 'NOTES_DIR',
      schema: path('notes'),
      description: 'folder that keeps the notes in the format markdown, made when it is missing',
    },
  },
  check: { tool: 'list_notes', arguments: { limit: 1 } },
  open({ format, db, dir }) {
    const store = format === 'markdown' ? openMarkdownStore(dir) : openSqliteStore(db);
    return { createServer: () => createServer(store), [Symbol.asyncDispose]: async () => store.close() };
  },
});
