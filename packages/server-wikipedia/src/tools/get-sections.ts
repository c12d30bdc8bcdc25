import type { ToolAnswer } from '@patchbay/server-kit';
import { addTool, READ_ONLY_WEB } from '@patchbay/server-kit';
import { answerWithin } from '@patchbay/server-kit/http-client';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { findSections } from '../text/sections.ts';
import { WIKIPEDIA } from '../upstream.ts';
import type { WikipediaToolOptions } from './context.ts';
import { attribution, lookUp } from './look-up.ts';
import { lang, pageFields, title } from './page-fields.ts';

/** Most sections that are listed; long articles have some 80. */
const MAX_SECTIONS = 300;

const inputSchema = z.object({ title, lang });

const outputSchema = z.object({
  ...pageFields,
  sections: z
    .array(
      z.object({
        number: z.string().describe('For get_article'),
        title: z.string(),
        chars: z.number().describe('Length, with the sections below it'),
      }),
    )
    .optional(),
  total_chars: z.number().optional().describe('Length of the article'),
});

type Input = z.infer<typeof inputSchema>;
type Output = z.infer<typeof outputSchema>;

/** Offers `get_sections`. */
export function addGetSections(server: McpServer, options: WikipediaToolOptions): void {
  addTool(server, {
    name: 'get_sections',
    title: 'Sections of a Wikipedia article',
    description:
      `Lists the sections of an article, at most ${MAX_SECTIONS}, with their numbers and lengths, so that get_article ` +
      'can read one of them. A title with several meanings is answered with the pages that it may mean.',
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
  const found = await lookUp(wikipedia, { title: input.title, lang: input.lang ?? language, part: 'all' });
  if (found.kind === 'answer') return found.answer;
  const { page, head } = found;
  const sections = findSections(page.text).slice(0, MAX_SECTIONS);
  const lines = sections.map(
    ({ number, depth, ...section }) =>
      `${'  '.repeat(Math.max(0, depth - 1))}${number} ${section.title} (${section.end - section.start} characters)`,
  );
  return {
    structured: {
      ...head,
      sections: sections.map(({ number, title: name, start, end }) => ({
        number,
        title: name,
        chars: end - start,
      })),
      total_chars: page.text.length,
    },
    text: [`Sections of "${head.title}":`, ...lines, attribution(head)].join('\n'),
  };
}
