import { toReadable } from '../model/readable-part.ts';
import type { ContentPart, ToolDefinition, ToolOutcome, ToolSource } from '../tools.ts';
import { describePart, sortedByName, textOutcome } from '../tools.ts';
import { bounded } from '../untrusted-text.ts';
import type { ArtifactOptions } from './artifact-folder.ts';
import { ArtifactFolder } from './artifact-folder.ts';
import type { ResultStore } from './result-store.ts';
import { ResultsInMemory } from './result-store.ts';
import { shortenJson } from './shorten-json.ts';

/** Longest text of one result that a model reads at once, in characters. */
const MAX_RESULT_CHARS = 16 * 1024;
const MAX_HITS = 50;
const MAX_HIT_CHARS = 300;

const READ_RESULT: ToolDefinition = {
  name: 'patchbay__read_result',
  server: 'patchbay',
  tool: 'read_result',
  description:
    'Reads on in a result that was too long to be given whole, by the handle that was given with it: from an offset in ' +
    'characters, or the lines that contain a text.',
  inputSchema: {
    type: 'object',
    properties: {
      handle: { type: 'string', description: 'Handle of the result, as it was given' },
      offset: { type: 'integer', minimum: 0, description: 'Where to begin, in characters' },
      grep: { type: 'string', description: 'Only the lines that contain this text, whatever their case' },
    },
    required: ['handle'],
    additionalProperties: false,
  },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
};

export interface ResultBudgetOptions extends ArtifactOptions {
  /** Longest text of one result that a model reads at once, in characters. Default 16 384. */
  readonly maxChars?: number;
  /**
   * A folder of this program's own for what is kept: long results, images, audio, other files. A handle then reads its
   * result in a later run too. Absent: long results are kept in memory, and nothing is written.
   */
  readonly folder?: string | undefined;
}

/**
 * The same tools with results of bounded length. What is longer is kept whole; the model gets its beginning and end (of
 * JSON, a shorter JSON of the same shape) and a handle for `read_result`, a tool that is added to the others. With a
 * folder, what is not text is kept as a file besides, and the model is told where.
 */
export function withResultBudget(
  source: ToolSource,
  { maxChars = MAX_RESULT_CHARS, folder, ...options }: ResultBudgetOptions = {},
): ToolSource {
  const artifacts = folder === undefined ? undefined : new ArtifactFolder(folder, options);
  const store = artifacts ?? new ResultsInMemory();
  return {
    listTools: () => sortedByName([...source.listTools(), READ_RESULT]),
    resolveCall: (name, args) => source.resolveCall?.(name, args),
    async callTool(name, args, ...rest) {
      if (name === READ_RESULT.name) return readResult(store, args, maxChars);
      const outcome = await source.callTool(name, args, ...rest);
      const kept = artifacts ? await withFiles(outcome, artifacts) : outcome;
      return withinBudget(kept, store, maxChars);
    },
  };
}

/** Keeps what is not text in files. What no model reads is then only spoken of. */
async function withFiles(outcome: ToolOutcome, artifacts: ArtifactFolder): Promise<ToolOutcome> {
  const content = await Promise.all(
    outcome.content.map(async (part): Promise<ContentPart> => {
      if (part.type === 'text') return part;
      const path = await artifacts.keepBytes(part.data, part.mimeType);
      if (path === undefined) return part;
      const kept = { ...part, path };
      return toReadable(kept).kind === 'text' ? { type: 'text', text: describePart(kept) } : kept;
    }),
  );
  return { ...outcome, content };
}

/** The budget is one for all texts of a result: if they are too long together, they are kept and shown as one. */
async function withinBudget(
  outcome: ToolOutcome,
  store: ResultStore,
  maxChars: number,
): Promise<ToolOutcome> {
  const texts = outcome.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const text = texts.join('\n');
  if (text.length <= maxChars) return outcome;
  const { handle, path } = await store.keep(text);
  const view = shortenJson(text, maxChars) ?? bounded(text, maxChars);
  const kept = path === undefined ? '' : ` All of it is kept in ${path}.`;
  const cut = { chars: text.length, givenChars: view.length, path };
  const note = `[This is a part of ${text.length} characters.${kept} ${READ_RESULT.name} reads the rest: handle ${handle}.]`;
  const shown: ContentPart = { type: 'text', text: `${view}\n${note}` };
  return { ...outcome, content: [shown, ...outcome.content.filter((part) => part.type !== 'text')], cut };
}

async function readResult(store: ResultStore, args: unknown, maxChars: number): Promise<ToolOutcome> {
  const z = await import('zod');
  const ReadResult = z.object({
    handle: z.string().max(40),
    offset: z.int().min(0).default(0),
    grep: z.string().min(1).max(200).optional(),
  });
  const { data, error } = ReadResult.safeParse(args);
  if (!data) return textOutcome(`${READ_RESULT.name}: ${z.prettifyError(error)}`, true);
  const text = await store.read(data.handle);
  if (text === undefined) {
    return textOutcome(
      `There is no result "${data.handle}" any more. Call the tool again that gave it.`,
      true,
    );
  }
  if (data.grep !== undefined) return textOutcome(matchingLines(text, data.grep), false);
  const end = charBoundary(text, data.offset + maxChars);
  const part = text.slice(charBoundary(text, data.offset), end);
  const more =
    end < text.length ? `\n[${text.length - end} more characters: go on at offset ${end}.]` : '\n[The end.]';
  return textOutcome(part + more, false);
}

/** The offset, or the one before where it would cut through a character that takes two places. */
function charBoundary(text: string, offset: number): number {
  if (offset >= text.length) return text.length;
  const code = text.charCodeAt(offset);
  return offset > 0 && code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
}

function matchingLines(text: string, wanted: string): string {
  const lower = wanted.toLowerCase();
  const hits = text
    .split('\n')
    .flatMap((line, index) => (line.toLowerCase().includes(lower) ? [{ line, index }] : []));
  const shown = hits
    .slice(0, MAX_HITS)
    .map(({ line, index }) => `${index + 1}: ${line.slice(0, MAX_HIT_CHARS).toWellFormed()}`);
  const more = hits.length > MAX_HITS ? [`[${hits.length - MAX_HITS} more lines]`] : [];
  return hits.length === 0 ? `No line contains "${wanted}".` : [...shown, ...more].join('\n');
}
