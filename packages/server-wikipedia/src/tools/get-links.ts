import type { ToolAnswer } from '@patchbay/server-kit';
import { addTool, cursorInput, cursorsOf, nextCursorOutput, READ_ONLY_WEB } from '@patchbay/server-kit';
import { answerWithin } from '@patchbay/server-kit/http-client';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { WIKIPEDIA } from '../upstream.ts';
import type { WikipediaToolOptions } from './context.ts';
import { lang, licence, licenceFields, title } from './page-fields.ts';

const inputSchema = z.object({
  title,
  limit: z.number().int().min(1).max(500).default(100).describe('Most links'),
  cursor: cursorInput,
  lang,
});

const outputSchema = z.object({
  title: z.string(),
  lang: z.string(),
  url: z.string(),
  links: z.array(z.string()).describe('Titles of articles, in alphabetical order'),
  next_cursor: nextCursorOutput,
  ...licenceFields,
});

type Input = z.infer<typeof inputSchema>;
type Output = z.infer<typeof outputSchema>;

/** Offers `get_links`. */
export function addGetLinks(server: McpServer, options: WikipediaToolOptions): void {
  addTool(server, {
    name: 'get_links',
    title: 'Links of a Wikipedia article',
    description:
      'Lists the titles of the articles to which an article links, in alphabetical order, at most 500 at a time; go ' +
      'on with next_cursor. Of a page with several meanings these are the meanings. Some links may lead to pages ' +
      'that are not written yet.',
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY_WEB,
    run: (input, { signal }) =>
      answerWithin(answer(input, options), { signal, timeoutMs: options.timeoutMs, upstream: WIKIPEDIA }),
  });
}

async function answer(
  { limit, cursor, ...input }: Input,
  { wikipedia, language }: WikipediaToolOptions,
): Promise<ToolAnswer<Output>> {
  const where = input.lang ?? language;
  const cursors = cursorsOf(['get_links', where, input.title]);
  const after = cursors.read(cursor);
  const { page, titles, last } = await wikipedia.links(input.title, { lang: where, limit, after });
  const next = cursors.write(last);
  const url = wikipedia.pageUrl(page, where);
  const head = titles.length === 0 ? `"${page}" links to no article.` : `"${page}" links to:`;
  const more = next === undefined ? [] : [`More with cursor ${JSON.stringify(next)}`];
  return {
    structured: {
      title: page,
      lang: where,
      url,
      links: [...titles],
      next_cursor: next,
      ...licence,
    },
    text: [head, ...titles.map((name) => `- ${name}`), ...more, `Source: Wikipedia, ${url}`].join('\n'),
  };
}
