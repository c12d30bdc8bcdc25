import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ResourceLink } from '@modelcontextprotocol/server';
import type { WorkspaceFile } from './workspace-changes.ts';

/** What hosts can show or open, by the end of the name. Other files are linked without a type. */
const TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.parquet': 'application/vnd.apache.parquet',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** A link that a host can open: the file's `file:` URL, its name in the workspace, its type and size. */
export function linkTo(workspace: string, { path, bytes }: WorkspaceFile): ResourceLink {
  const mimeType = TYPES[extname(path).toLowerCase()];
  return {
    type: 'resource_link',
    uri: pathToFileURL(join(workspace, path)).href,
    name: path,
    size: bytes,
    ...(mimeType === undefined ? {} : { mimeType }),
  };
}
