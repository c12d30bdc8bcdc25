import type { ToolAnswer } from '@patchbay/server-kit';
import { addTool, READ_ONLY_WEB, sliceText } from '@patchbay/server-kit';
import { answerWithin } from '@patchbay/server-kit/http-client';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { WIKIPEDIA } from '../upstream.ts';
import type { WikipediaToolOptions } from './context.ts';
import { attribution, lookUp } from './look-up.ts';
import { lang, pageFields, title } from './page-fields.ts';

/** Longest introduction that is answered, in characters. */
const MAX_CHARS = 4000;

const inputSchema = z.object({ title, lang });

const outputSchema = z.object({
  ...pageFields,
  description: z.string().optional().describe('What it is, in a few words'),
  summary: z.string().optional().describe('The introduction of the article'),
  is_cut: z.boolean().optional().describe('The introduction is longer: read it with get_article'),
  last_edited: z.string().optional().describe('ISO 8601'),
});

type Input = z.infer<typeof inputSchema>;
type Output = z.infer<typeof outputSchema>;

/** Offers `get_summary`. */
export function addGetSummary(server: McpServer, options: WikipediaToolOptions): void {
  addTool(server, {
    name: 'get_summary',
    title: 'Summary of a Wikipedia article',
    description:
      `Gives the introduction of an article, at most ${MAX_CHARS} characters, with a description in a few words. ` +
      'Follows redirects. A title with several meanings is answered with the pages that it may mean.',
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY_WEB,
    run: (input, { signal }) =>
      answerWithin(answer(input, options), { signal, timeoutMs: options.timeoutMs, upstream: WIKIPEDIA }),
  });
}

async function answer(
  input: Input,
  { wikipedia, language }: WikipediaToolOptions,
): Promise<ToolAnswer<Output>> {
  const found = await lookUp(wikipedia, { title: input.title, lang: input.lang ?? language, part: 'intro' });
  if (found.kind === 'answer') return found.answer;
  const { page, head } = found;
  const { text: summary, nextOffset } = sliceText(page.text, { offset: 0, maxChars: MAX_CHARS });
  const isCut = nextOffset !== undefined;
  const lead = page.description === undefined ? head.title : `${head.title}: ${page.description}`;
  const body = summary === '' ? 'The page has no introduction.' : `${summary.trimEnd()}${isCut ? ' …' : ''}`;
  return {
    structured: {
      ...head,
      ...(page.description !== undefined && { description: page.description }),
      summary,
      is_cut: isCut,
      ...(page.lastEdited !== undefined && { last_edited: page.lastEdited }),
    },
    text: [lead, body, attribution(head)].join('\n\n'),
  };
}
