export type {
  NoteHead,
  NotePage,
  NoteStore,
  NoteVersion,
  Saved,
  SaveMode,
  SaveRequest,
  SearchHit,
  SearchResult,
} from './note-store.ts';
export { openMarkdownStore } from './markdown/markdown-store.ts';
export { createServer } from './server.ts';
export { openSqliteStore } from './sqlite-store.ts';
