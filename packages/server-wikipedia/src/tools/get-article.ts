import type { ToolAnswer } from '@patchbay/server-kit';
import { addTool, READ_ONLY_WEB, sliceText, ToolError } from '@patchbay/server-kit';
import { answerWithin } from '@patchbay/server-kit/http-client';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Section } from '../text/sections.ts';
import { findSections, selectSection } from '../text/sections.ts';
import { WIKIPEDIA } from '../upstream.ts';
import type { WikipediaToolOptions } from './context.ts';
import { attribution, lookUp } from './look-up.ts';
import { lang, pageFields, title } from './page-fields.ts';

/** Sections that an error names. */
const MAX_NAMED = 30;

const inputSchema = z.object({
  title,
  section: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe(
      'Number or title of one section, with those below it: "2.1", "History"; "0" is the introduction',
    ),
  offset: z
    .number()
    .int()
    .min(0)
    .max(10_000_000)
    .default(0)
    .describe('Characters to skip, of the section if one is named: next_offset of the last call'),
  max_chars: z.number().int().min(200).max(20_000).default(8000).describe('Most characters of text'),
  lang,
});

const outputSchema = z.object({
  ...pageFields,
  section: z.object({ number: z.string(), title: z.string() }).optional(),
  text: z.string().optional().describe('Plain text, headings as "== History =="'),
  offset: z.number().optional(),
  total_chars: z.number().optional().describe('Length of the article or section'),
  next_offset: z.number().optional().describe('Absent when this is the end'),
  last_edited: z.string().optional().describe('ISO 8601'),
});

type Input = z.infer<typeof inputSchema>;
type Output = z.infer<typeof outputSchema>;

/** Offers `get_article`. */
export function addGetArticle(server: McpServer, options: WikipediaToolOptions): void {
  addTool(server, {
    name: 'get_article',
    title: 'Text of a Wikipedia article',
    description:
      'Reads an article or one of its sections as plain text, at most 20000 characters at a time; go on with ' +
      'next_offset. Tables, infoboxes, images and references are not in the text. Follows redirects. A title with ' +
      'several meanings is answered with the pages that it may mean. get_sections tells what there is to read.',
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
  const section = input.section === undefined ? undefined : readSection(page.text, input.section, page.title);
  const whole = section ? page.text.slice(section.start, section.end).trimEnd() : page.text;
  const { text, nextOffset } = sliceText(whole, { offset: input.offset, maxChars: input.max_chars });
  const more =
    nextOffset === undefined ? [] : [`More with offset ${nextOffset}, of ${whole.length} characters.`];
  return {
    structured: {
      ...head,
      ...(section && { section: { number: section.number, title: section.title } }),
      text,
      offset: input.offset,
      total_chars: whole.length,
      ...(nextOffset !== undefined && { next_offset: nextOffset }),
      ...(page.lastEdited !== undefined && { last_edited: page.lastEdited }),
    },
    text: [text === '' ? 'There is no text here.' : text.trimEnd(), ...more, attribution(head)].join('\n\n'),
  };
}

function readSection(text: string, wanted: string, page: string): Section {
  const sections = findSections(text);
  const section = selectSection(sections, wanted);
  if (section) return section;
  const named = sections.slice(0, MAX_NAMED).map(({ number, title: name }) => `${number} ${name}`);
  const more = sections.length > MAX_NAMED ? ', …' : '';
  throw new ToolError('SECTION_NOT_FOUND', `"${page}" has no section "${wanted}"`, {
    hint: `There are: ${named.join(', ')}${more}.`,
  });
}
