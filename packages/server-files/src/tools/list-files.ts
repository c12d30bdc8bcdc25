import { addTool, cursorInput, cursorsOf, nextCursorOutput, READ_ONLY } from '@patchbay/server-kit';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { openFolder } from '../files/folder.ts';
import { globMatcher } from '../files/glob.ts';
import type { WalkEntry } from '../files/walk.ts';
import { walk } from '../files/walk.ts';
import type { FilesContext } from '../files-context.ts';
import { parsePath } from '../path-name.ts';
import { folderInput, globInput } from './schemas.ts';
import { useAndClose } from '../use-and-close.ts';

/** Most entries in one answer. */
const PAGE_SIZE = 200;

/** Most entries that are looked at for one answer, whether they fit the pattern or not. */
const MAX_VISITED = 20_000;

const entrySchema = z.object({
  path: z.string().describe('Relative to the workspace'),
  type: z
    .enum(['file', 'folder', 'link', 'other'])
    .describe('Only files can be read; links are not followed'),
  size: z.int().optional().describe('Of a file, in bytes'),
  modified_at: z.string().describe('ISO 8601, UTC'),
});

const inputSchema = z.object({
  folder: folderInput,
  glob: globInput,
  recursive: z.boolean().default(false).describe('Whether to list what the folders hold, too'),
  cursor: cursorInput,
});

const outputSchema = z.object({ entries: z.array(entrySchema), next_cursor: nextCursorOutput });

/** Offers `list_files`. */
export function addListFiles(server: McpServer, context: FilesContext): void {
  addTool(server, {
    name: 'list_files',
    title: 'List files',
    description:
      'Lists files and folders of the workspace by name, with sizes and times: one folder, or with recursive all that ' +
      `is in it. At most ${PAGE_SIZE} entries; when there are more, call again with next_cursor as cursor.`,
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    async run({ folder: asked, glob, recursive, cursor }, { signal }) {
      const parts = parsePath(asked);
      const matches = glob === undefined ? () => true : globMatcher(glob);
      const { root } = await context.openWorkspace();
      const cursors = cursorsOf(['list_files', parts, glob, recursive]);
      const after = cursors.read(cursor)?.split('/') ?? [];
      const { entries, last } = await useAndClose(await openFolder(root, parts), (folder) =>
        readPage(walk(folder, { recursive, after, signal }), (path) => matches(within(path, parts))),
      );
      const next = cursors.write(last && within(last, parts));
      return {
        structured: { entries, next_cursor: next },
        text: describe(entries, next),
      };
    },
  });
}

type Entry = z.infer<typeof entrySchema>;

/** `last` is the path at which the page ends, when there is more. */
async function readPage(
  found: AsyncIterable<WalkEntry>,
  matches: (path: string) => boolean,
): Promise<{ readonly entries: Entry[]; readonly last: string | undefined }> {
  const entries: Entry[] = [];
  let visited = 0;
  let last: string | undefined;
  for await (const { path, type, stats } of found) {
    if (entries.length >= PAGE_SIZE || visited >= MAX_VISITED) return { entries, last };
    visited += 1;
    last = path;
    if (!matches(path)) continue;
    const modified_at = stats.mtime.toISOString();
    entries.push({ path, type, modified_at, ...(type === 'file' && { size: stats.size }) });
  }
  return { entries, last: undefined };
}

/** The path relative to the folder that is listed. */
function within(path: string, folder: readonly string[]): string {
  return path.split('/').slice(folder.length).join('/');
}

function describe(entries: readonly Entry[], next: string | undefined): string {
  const lines = entries.map(({ path, type, size }) => {
    if (type === 'folder') return `${path}/`;
    return type === 'file' ? `${path} (${size ?? 0} bytes)` : `${path} (${type})`;
  });
  if (next === undefined) return lines.length === 0 ? '(Nothing there.)' : lines.join('\n');
  const found = lines.length === 0 ? [`(Nothing that fits among the next ${MAX_VISITED} entries.)`] : lines;
  return [...found, `[There is more: cursor ${JSON.stringify(next)}]`].join('\n');
}
