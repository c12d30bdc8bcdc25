import type { ToolAnswer } from '@patchbay/server-kit';
import { addTool, READ_ONLY_WEB } from '@patchbay/server-kit';
import { answerWithin } from '@patchbay/server-kit/http-client';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { WIKIPEDIA } from '../upstream.ts';
import type { WikipediaToolOptions } from './context.ts';
import { lang, licence, licenceFields } from './page-fields.ts';

const inputSchema = z.object({
  query: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .describe('Words in the language of the Wikipedia; "a phrase" in quotes, -word leaves pages out'),
  limit: z.number().int().min(1).max(20).default(5).describe('Most results'),
  offset: z
    .number()
    .int()
    .min(0)
    .max(9980)
    .default(0)
    .describe('Results to skip: next_offset of the last call'),
  lang,
});

const outputSchema = z.object({
  lang: z.string(),
  total: z.number().optional().describe('Pages that match'),
  results: z.array(
    z.object({
      title: z.string(),
      snippet: z.string().describe('Text around the match'),
      words: z.number().optional().describe('Length of the page'),
      url: z.string(),
    }),
  ),
  suggestion: z.string().optional().describe('A likelier spelling of the query'),
  next_offset: z.number().optional().describe('Absent when these are the last results'),
  ...licenceFields,
});

type Input = z.infer<typeof inputSchema>;
type Output = z.infer<typeof outputSchema>;

/** Offers `search`. */
export function addSearch(server: McpServer, options: WikipediaToolOptions): void {
  addTool(server, {
    name: 'search',
    title: 'Search Wikipedia',
    description:
      'Searches the text and titles of Wikipedia and lists up to 20 pages with a snippet, the best first. Use a ' +
      'title that it lists with get_summary or get_article. Choose the language in which the topic is likely covered.',
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY_WEB,
    run: (input, { signal }) =>
      answerWithin(answer(input, options), { signal, timeoutMs: options.timeoutMs, upstream: WIKIPEDIA }),
  });
}

async function answer(
  { query, limit, offset, ...input }: Input,
  { wikipedia, language }: WikipediaToolOptions,
): Promise<ToolAnswer<Output>> {
  const where = input.lang ?? language;
  const found = await wikipedia.search(query, { lang: where, limit, offset });
  const results = found.hits.map(({ title, snippet, words }) => ({
    title,
    snippet,
    ...(words !== undefined && { words }),
    url: wikipedia.pageUrl(title, where),
  }));
  const { totalHits, suggestion, nextOffset } = found;
  const structured = {
    lang: where,
    ...(totalHits !== undefined && { total: totalHits }),
    results,
    ...(suggestion !== undefined && { suggestion }),
    ...(nextOffset !== undefined && { next_offset: nextOffset }),
    ...licence,
  };
  return { structured, text: describe({ query, offset }, structured) };
}

function describe(
  { query, offset }: Pick<Input, 'query' | 'offset'>,
  { results, total, suggestion, next_offset: next, ...output }: Output,
): string {
  const lines = results.map(({ title, snippet, url }) => `- ${title}: ${snippet}\n  ${url}`);
  const count = total === undefined ? '' : ` (of ${total})`;
  const none =
    offset === 0
      ? `No page on ${output.lang}.wikipedia matches "${query}".`
      : `No more pages on ${output.lang}.wikipedia match "${query}"${count}.`;
  const head = results.length === 0 ? none : `Results${count}:`;
  return [
    head,
    ...lines,
    ...(suggestion === undefined ? [] : [`Did you mean "${suggestion}"?`]),
    ...(next === undefined ? [] : [`More with offset ${next}.`]),
    ...(results.length === 0 ? [] : [`Source: Wikipedia, ${output.license}.`]),
  ].join('\n');
}
