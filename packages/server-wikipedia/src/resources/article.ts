import { sliceText, ToolError } from '@patchbay/server-kit';
import { answerWithin } from '@patchbay/server-kit/http-client';
import type { McpServer } from '@modelcontextprotocol/server';
import {
  INTERNAL_ERROR,
  ProtocolError,
  ResourceNotFoundError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import type { WikipediaToolOptions } from '../tools/context.ts';
import { attribution, lookUp } from '../tools/look-up.ts';
import { languageCode } from '../tools/page-fields.ts';
import { WIKIPEDIA } from '../upstream.ts';

/** Longest text that is given at once, in characters; resources have no parts. */
const MAX_CHARS = 100_000;

/** Titles that are suggested while one is typed. */
const MAX_SUGGESTIONS = 10;

/** Offers every article as a resource, so that people can attach one: `wikipedia://en/Alan_Turing`. */
export function addArticleResource(server: McpServer, options: WikipediaToolOptions): void {
  const { wikipedia, timeoutMs } = options;
  const template = new ResourceTemplate('wikipedia://{lang}/{+title}', {
    list: undefined,
    complete: {
      async title(typed, context) {
        const lang = languageCode.safeParse(context?.arguments?.['lang'] ?? options.language);
        if (typed.trim() === '' || !lang.success) return [];
        const found = await wikipedia.search(typed, { lang: lang.data, limit: MAX_SUGGESTIONS, offset: 0 });
        return found.hits.map(({ title }) => title);
      },
    },
  });
  const about = {
    title: 'Wikipedia article',
    description: `The text of an article, at most ${MAX_CHARS} characters, by language and title`,
    mimeType: 'text/plain',
  };
  server.registerResource('article', template, about, async ({ href: uri }, { lang, title }, { mcpReq }) => {
    const page = readName(String(lang), String(title));
    if (!page) throw new ResourceNotFoundError(uri);
    try {
      const found = await answerWithin(lookUp(wikipedia, { ...page, part: 'all' }), {
        signal: mcpReq.signal,
        timeoutMs,
        upstream: WIKIPEDIA,
      });
      return { contents: [{ uri, mimeType: 'text/plain', text: textOf(found) }] };
    } catch (error) {
      throw toProtocolError(error, uri);
    }
  });
}

function readName(code: string, encoded: string): { lang: string; title: string } | undefined {
  const lang = languageCode.safeParse(code);
  if (!lang.success) return undefined;
  try {
    return { lang: lang.data, title: decodeURIComponent(encoded) };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function textOf(found: Awaited<ReturnType<typeof lookUp>>): string {
  if (found.kind === 'answer') return found.answer.text;
  const { text, nextOffset } = sliceText(found.page.text, { offset: 0, maxChars: MAX_CHARS });
  const more = nextOffset === undefined ? [] : [`(cut here, of ${found.page.text.length} characters)`];
  return [found.head.title, text.trimEnd(), ...more, attribution(found.head)].join('\n\n');
}

function toProtocolError(error: unknown, uri: string): unknown {
  if (!(error instanceof ToolError)) return error;
  const { code, message } = error;
  if (code === 'PAGE_NOT_FOUND' || code === 'INVALID_TITLE') return new ResourceNotFoundError(uri, message);
  return new ProtocolError(INTERNAL_ERROR, `${code}: ${message}`);
}
