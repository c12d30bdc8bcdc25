import { lstat, readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { ToolError } from '@patchbay/server-kit';
import type { Workspace } from '@patchbay/server-kit';
import type { McpServer } from '@modelcontextprotocol/server';
import { ResourceTemplate } from '@modelcontextprotocol/server';
import { EXPORT_TYPES } from '../export-file.ts';
import type { SqlContext } from '../tools/context.ts';
import { decodeName } from './decode-name.ts';
import { asProtocolError } from './protocol-error.ts';

const MAX_LISTED = 500;
/** A resource comes in one piece and goes into a context: larger files are read from the workspace, in bytes. */
const MAX_BYTES = 1_000_000;

/** The address of a file in the workspace, `path` with slashes. */
export function exportUri(path: string): string {
  return `sql://export/${encodeURIComponent(path)}`;
}

/** Offers the CSV, JSON and Parquet files of the workspace, where exports go. */
export function addExportResource(server: McpServer, context: SqlContext): void {
  server.registerResource(
    'export',
    new ResourceTemplate('sql://export/{file}', {
      list: async () => {
        const { root } = await asProtocolError(context.openWorkspace());
        const resources = (await exportedFiles(root)).map((name) => ({
          uri: exportUri(name),
          name,
          mimeType: typeOf(name),
        }));
        return { resources };
      },
    }),
    {
      title: 'Exported file',
      description: `A CSV, JSON or Parquet file of the workspace, up to ${MAX_BYTES / 1_000_000} MB.`,
    },
    async (uri, { file = '' }) => {
      const name = decodeName(String(file));
      const contents = await asProtocolError(
        context.openWorkspace().then((workspace) => readExport(workspace, name)),
      );
      return { contents: [{ uri: uri.href, mimeType: typeOf(name), ...contents }] };
    },
  );
}

async function exportedFiles(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return (
    entries
      // Links may lead out of the folder; a name with a dot in front is a file that is still being written.
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && typeOf(entry.name) !== undefined)
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .toSorted()
      .slice(0, MAX_LISTED)
  );
}

async function readExport(
  workspace: Workspace,
  name: string,
): Promise<{ readonly text: string } | { readonly blob: string }> {
  const path = await workspace.resolve(name);
  const entry = await lstat(path).catch(() => undefined);
  if (entry?.isFile() !== true || typeOf(name) === undefined) {
    throw new ToolError('UNKNOWN_EXPORT', `There is no exported file "${name}"`);
  }
  if (entry.size > MAX_BYTES) {
    throw new ToolError('TOO_LARGE', `"${name}" has ${entry.size} bytes, more than one answer holds`, {
      hint: 'It is in the workspace: read it there, or export fewer rows.',
    });
  }
  const bytes = await readFile(path);
  return extname(name).toLowerCase() === '.parquet'
    ? { blob: bytes.toString('base64') }
    : { text: bytes.toString() };
}

function typeOf(name: string): string | undefined {
  return EXPORT_TYPES.get(extname(name).toLowerCase());
}
