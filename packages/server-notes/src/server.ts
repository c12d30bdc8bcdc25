import type { McpServer } from '@modelcontextprotocol/server';
import { createMcpServer } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import { addNoteResource } from './note-resource.ts';
import type { NoteStore } from './note-store.ts';
import { addSummarizePrompt } from './summarize-prompt.ts';
import { addDeleteNote } from './tools/delete-note.ts';
import { addListNotes } from './tools/list-notes.ts';
import { addNoteHistory } from './tools/note-history.ts';
import { addRecallNote } from './tools/recall-note.ts';
import { addSaveNote } from './tools/save-note.ts';
import { addSearchNotes } from './tools/search-notes.ts';

/** Builds the server without a transport, so that tests and hosts choose how to serve it. */
export function createServer(store: NoteStore): McpServer {
  const server = createMcpServer(manifest);
  const tools = [addSaveNote, addRecallNote, addSearchNotes, addListNotes, addDeleteNote, addNoteHistory];
  for (const addTo of tools) addTo(server, store);
  addNoteResource(server, store);
  addSummarizePrompt(server);
  return server;
}
