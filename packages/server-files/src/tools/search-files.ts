import { addTool, READ_ONLY, ToolError } from '@patchbay/server-kit';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { openFolder } from '../files/folder.ts';
import { globMatcher } from '../files/glob.ts';
import type { TextHit } from '../files/search-text.ts';
import { literalPattern, MAX_SEARCHED_BYTES, searchFile } from '../files/search-text.ts';
import type { WalkEntry } from '../files/walk.ts';
import { walk } from '../files/walk.ts';
import type { FilesContext } from '../files-context.ts';
import { parsePath } from '../path-name.ts';
import { folderInput, globInput } from './schemas.ts';
import { useAndClose } from '../use-and-close.ts';

/** Longest search, and most files and bytes that it reads. */
const TIME_LIMIT_MS = 10_000;
const MAX_FILES = 10_000;
const MAX_TOTAL_BYTES = 200 * 1024 * 1024;

const inputSchema = z.object({
  query: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\r\n]*$/u, 'must be one line')
    .describe('Text to find, within one line'),
  folder: folderInput,
  glob: globInput,
  ignore_case: z.boolean().default(true).describe('Whether "A" finds "a"; default true'),
  max_hits: z.int().min(1).max(500).default(50).describe('Most lines in the answer; default 50'),
});

const outputSchema = z.object({
  hits: z.array(
    z.object({ path: z.string(), line: z.int(), column: z.int(), text: z.string().describe('The line') }),
  ),
  files_searched: z.int(),
  files_skipped: z.int().describe('Not text, too large, or not readable'),
  truncated: z.boolean().describe('Whether there may be more hits'),
});

/** Offers `search_files`. */
export function addSearchFiles(server: McpServer, context: FilesContext): void {
  addTool(server, {
    name: 'search_files',
    title: 'Search in files',
    description:
      'Finds a text in the text files of the workspace, as it stands: no patterns. Tells path, line and column of the ' +
      `first hit in each line. Files that are not UTF-8 text or larger than ${MAX_SEARCHED_BYTES / 1024 / 1024} MiB ` +
      `are passed over. Ends after ${TIME_LIMIT_MS / 1000} s or ${MAX_FILES} files, and says so (truncated).`,
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    async run(
      { query, folder: asked, glob, ignore_case: ignoreCase, max_hits: maxHits },
      { signal, progress },
    ) {
      const parts = parsePath(asked);
      const matches = glob === undefined ? () => true : globMatcher(glob);
      const { root } = await context.openWorkspace();
      const result = await useAndClose(await openFolder(root, parts), (folder) =>
        search(walk(folder, { recursive: true, after: [], signal }), {
          pattern: literalPattern(query, { ignoreCase }),
          maxHits,
          onFiles: (done) => progress({ done, message: `${done} files searched` }),
          matches: (path) => matches(path.split('/').slice(parts.length).join('/')),
        }),
      );
      return { structured: result, text: describe(query, result) };
    },
  });
}

/** Files between two signs of progress. */
const FILES_A_STEP = 100;

interface Result {
  readonly hits: TextHit[];
  readonly files_searched: number;
  readonly files_skipped: number;
  readonly truncated: boolean;
}

interface SearchOptions {
  readonly pattern: RegExp;
  readonly maxHits: number;
  readonly matches: (path: string) => boolean;
  /** Told now and then how many files were looked at. */
  readonly onFiles: (count: number) => void;
}

async function search(
  found: AsyncIterable<WalkEntry>,
  { pattern, maxHits, matches, onFiles }: SearchOptions,
): Promise<Result> {
  const endsAt = performance.now() + TIME_LIMIT_MS;
  const hits: TextHit[] = [];
  let [searched, skipped, bytes] = [0, 0, 0];
  const result = (truncated: boolean): Result => {
    return { hits, files_searched: searched, files_skipped: skipped, truncated };
  };
  for await (const entry of found) {
    const isOver = searched + skipped >= MAX_FILES || bytes >= MAX_TOTAL_BYTES;
    if (isOver || performance.now() > endsAt) return result(true);
    if (entry.type !== 'file' || !matches(entry.path)) continue;
    const more = await searchFile(entry, { pattern, maxHits: maxHits - hits.length + 1 }).catch(
      (error: unknown) => {
        if (error instanceof ToolError) return undefined;
        throw error;
      },
    );
    if (more === undefined) skipped += 1;
    else searched += 1;
    if ((searched + skipped) % FILES_A_STEP === 0) onFiles(searched + skipped);
    bytes += more === undefined ? 0 : entry.stats.size;
    hits.push(...(more ?? []));
    if (hits.length > maxHits) {
      hits.length = maxHits;
      return result(true);
    }
  }
  return result(false);
}

function describe(query: string, { hits, truncated, ...counts }: Result): string {
  const lines = hits.map(({ path, line, text }) => `${path}:${line}: ${text}`);
  const skipped = counts.files_skipped === 0 ? '' : `, ${counts.files_skipped} passed over`;
  const none =
    hits.length === 0 ? [`No line${truncated ? ' so far' : ''} has ${JSON.stringify(query)}.`] : [];
  const end = truncated ? ' The search stopped early: narrow it with folder, glob or a longer query.' : '';
  return [...none, ...lines, `[${counts.files_searched} files searched${skipped}.${end}]`].join('\n');
}
