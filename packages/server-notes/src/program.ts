import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { serve } from '@patchbay/server-kit';
import * as z from 'zod';
import manifest from '../package.json' with { type: 'json' };
import { openNoteStore } from './note-store.ts';
import { createServer } from './server.ts';

// The base directory specification says to ignore a relative path.
const dataHome = process.env['XDG_DATA_HOME'] ?? '';
const dataFolder = isAbsolute(dataHome) ? dataHome : join(homedir(), '.local', 'share');

await serve({
  manifest,
  settings: {
    db: {
      flag: 'db',
      env: 'NOTES_DB',
      // Configuration files are read without a shell, so nobody else expands the tilde.
      schema: z
        .string()
        .default(join(dataFolder, 'patchbay', 'notes.db'))
        .transform((path) => path.replace(/^~(?=\/|$)/, homedir())),
      description: 'file that keeps the notes, made when it is missing',
    },
  },
  check: { tool: 'list', arguments: { limit: 1 } },
  open({ db }) {
    const store = openNoteStore(db);
    return { createServer: () => createServer(store), [Symbol.asyncDispose]: async () => store.close() };
  },
});
