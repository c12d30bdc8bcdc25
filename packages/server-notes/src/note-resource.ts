import type { McpServer } from '@modelcontextprotocol/server';
import { ResourceNotFoundError, ResourceTemplate } from '@modelcontextprotocol/server';
import { ToolError } from '@patchbay/server-kit';
import type { NoteStore } from './note-store.ts';

/** Most notes that are listed or suggested; list_notes has them all. */
const MAX_LISTED = 100;
const MAX_SUGGESTED = 20;

/** Offers every note as a resource, so that people can attach one: `note://trip/paris`. */
export function addNoteResource(server: McpServer, store: NoteStore): void {
  const template = new ResourceTemplate('note://{+key}', {
    list: () => ({
      resources: orNone(() => store.list({ prefix: '', limit: MAX_LISTED }).notes).map(({ key }) => ({
        uri: `note://${encodeURI(key)}`,
        name: key,
        mimeType: 'text/plain',
      })),
    }),
    complete: {
      key: (typed) =>
        orNone(() => store.list({ prefix: typed, limit: MAX_SUGGESTED }).notes).map(({ key }) => key),
    },
  });
  const about = { title: 'Note', description: 'A saved note, by its key', mimeType: 'text/plain' };
  server.registerResource('note', template, about, ({ href: uri }, { key }) => {
    const text = readText(store, String(key));
    if (text === undefined) throw new ResourceNotFoundError(uri);
    return { contents: [{ uri, mimeType: 'text/plain', text }] };
  });
}

/** An address holds a key as it is or escaped; what is no key is no note. */
function readText(store: NoteStore, text: string): string | undefined {
  try {
    return store.recall(decodeURIComponent(text))?.value;
  } catch (error) {
    if (error instanceof URIError || (error instanceof ToolError && error.code === 'INVALID_KEY'))
      return undefined;
    throw error;
  }
}

/** A list is an offer: without the notes there is nothing to offer, and the tools say why. */
function orNone<Item>(list: () => readonly Item[]): readonly Item[] {
  try {
    return list();
  } catch (error) {
    if (error instanceof ToolError) return [];
    throw error;
  }
}
