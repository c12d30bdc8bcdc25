import type { ToolAnswer } from '@patchbay/server-kit';
import { addTool, READ_ONLY_WEB } from '@patchbay/server-kit';
import { answerWithin } from '@patchbay/server-kit/http-client';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { WIKIPEDIA } from '../upstream.ts';
import type { WikipediaToolOptions } from './context.ts';
import { lang, languageCode, licence, licenceFields, title } from './page-fields.ts';

const inputSchema = z.object({ title, lang });

const outputSchema = z.object({
  title: z.string(),
  lang: z.string(),
  languages: z.array(
    z.object({
      lang: z.string().describe('For the other tools'),
      name: z.string().optional().describe('The language in its own words'),
      title: z.string().describe('Of the article in this language'),
      url: z.string(),
    }),
  ),
  ...licenceFields,
});

type Output = z.infer<typeof outputSchema>;

/** Offers `get_languages`. */
export function addGetLanguages(server: McpServer, options: WikipediaToolOptions): void {
  addTool(server, {
    name: 'get_languages',
    title: 'Languages of a Wikipedia article',
    description:
      'Lists the other languages that have an article about the same, with its title there: read it with get_article and ' +
      'that title and lang. At most 500.',
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY_WEB,
    run: (input, { signal }) =>
      answerWithin(answer(input, options), { signal, timeoutMs: options.timeoutMs, upstream: WIKIPEDIA }),
  });
}

async function answer(
  input: z.infer<typeof inputSchema>,
  { wikipedia, language }: WikipediaToolOptions,
): Promise<ToolAnswer<Output>> {
  const where = input.lang ?? language;
  const { page, translations } = await wikipedia.languages(input.title, where);
  // A code becomes part of an address.
  const languages = translations
    .filter(({ lang: code }) => languageCode.safeParse(code).success)
    .map(({ lang: code, name, title: there }) => ({
      lang: code,
      ...(name !== undefined && { name }),
      title: there,
      url: wikipedia.pageUrl(there, code),
    }));
  const head =
    languages.length === 0 ? `"${page}" is in no other language.` : `"${page}" in other languages:`;
  const lines = languages.map(({ lang: code, name = code, title: there }) => `- ${code} (${name}): ${there}`);
  return {
    structured: { title: page, lang: where, languages, ...licence },
    text: [head, ...lines].join('\n'),
  };
}
