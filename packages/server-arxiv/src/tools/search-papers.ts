import { addTool, READ_ONLY_WEB } from '@patchbay/server-kit';
import { answerWithin } from '@patchbay/server-kit/http-client';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { describePaper, paperSchema, toShortOutput } from '../paper-output.ts';
import { buildSearchQuery } from '../search-query.ts';
import { ARXIV } from '../upstream.ts';
import type { ArxivContext } from './context.ts';

const SORTS = { relevance: 'relevance', submitted: 'submittedDate', updated: 'lastUpdatedDate' } as const;

/** Results beyond which arXiv sends none. */
const MAX_START = 30_000;

const inputSchema = z.object({
  query: z
    .string()
    .max(500)
    .optional()
    .describe(
      'Words that all have to occur, "phrases" in quotes; or arXiv syntax: ti:attention ANDNOT cat:cs.CV',
    ),
  title: z.string().max(300).optional().describe('Words or a "phrase" of the title'),
  author: z.string().max(100).optional().describe('One author: "Geoffrey Hinton"'),
  categories: z
    .array(
      z
        .string()
        .max(30)
        .regex(
          /^[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]{2}|\.[a-z]+(?:-[a-z]+)*)?$/u,
          'must be like cs.CL or hep-th',
        ),
    )
    .max(10)
    .default([])
    .describe('Any of these subjects: cs.CL, math.AG, hep-th, or a whole archive such as cs'),
  date_from: z.iso.date().optional().describe('First submitted on this day or later, YYYY-MM-DD'),
  date_to: z.iso.date().optional().describe('First submitted on this day or earlier, YYYY-MM-DD'),
  max_results: z.int().min(1).max(50).default(10).describe('Most papers in the answer; default 10'),
  start: z
    .int()
    .min(0)
    .max(MAX_START)
    .default(0)
    .describe('Results to pass over; next_start of the last answer'),
  sort_by: z.enum(['relevance', 'submitted', 'updated']).default('relevance').describe('What comes first'),
  sort_order: z
    .enum(['descending', 'ascending'])
    .default('descending')
    .describe('descending: best or newest first'),
});

const outputSchema = z.object({
  papers: z.array(paperSchema),
  total: z.int().describe('Of all results'),
  start: z.int(),
  next_start: z.int().optional().describe('Where to go on; absent at the end'),
});

/** Offers `search_papers`. */
export function addSearchPapers(server: McpServer, { client, timeoutMs }: ArxivContext): void {
  addTool(server, {
    name: 'search_papers',
    title: 'Search papers',
    description:
      'Searches arXiv by words, title, author, subject and date of submission; all that is given has to hold. Tells ' +
      'up to 50 papers with authors, abstract, dates and addresses, and how many there are. English words find most. ' +
      'arXiv allows one request in 3 s: one precise search is better than several.',
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY_WEB,
    async run(input, { signal }) {
      const { start, max_results: maxResults } = input;
      const searchQuery = buildSearchQuery({
        query: input.query,
        title: input.title,
        author: input.author,
        categories: input.categories,
        dateFrom: input.date_from,
        dateTo: input.date_to,
      });
      const request = {
        searchQuery,
        start,
        maxResults,
        sortBy: SORTS[input.sort_by],
        sortOrder: input.sort_order,
      };
      const page = await answerWithin(client.search(request), { signal, timeoutMs, upstream: ARXIV });
      const papers = page.papers.map(toShortOutput);
      const end = start + papers.length;
      const hasMore = end < page.total && end <= MAX_START && papers.length > 0;
      const heading =
        papers.length === 0
          ? `No papers found (of ${page.total}) for ${searchQuery}.`
          : `Papers ${start + 1} to ${end} of ${page.total}${hasMore ? `; next_start ${end}` : ''}.`;
      return {
        structured: { papers, total: page.total, start, ...(hasMore && { next_start: end }) },
        text: [heading, ...papers.map(describePaper)].join('\n\n'),
      };
    },
  });
}
