import { oneLine, PromiseCache, ToolError } from '@patchbay/server-kit';
import type { HttpClient } from '@patchbay/server-kit/http-client';
import { formatError, rateLimitError } from '@patchbay/server-kit/http-client';
import * as z from 'zod';
import { errorSchema } from './formats.ts';
import { WIKIPEDIA } from './upstream.ts';

/** Answers that are kept; an article is some 50 kB, at most 4 MB. */
const MAX_CACHED = 100;

export interface WikipediaOptions {
  readonly http: HttpClient;
  /** With `{lang}` where the language goes: `https://{lang}.wikipedia.org`. */
  readonly baseUrl: string;
  /** Seconds to keep an answer; 0 keeps none. */
  readonly cacheTtlS: number;
}

/**
 * Asks the Wikipedia of a language with `action=query`. Asks one thing only once at a time, and once in `cacheTtlS`
 * seconds.
 *
 * @throws {ToolError} with the codes of {@link HttpClient}.
 */
export type ActionApi = <Body>(
  lang: string,
  query: { readonly params: Readonly<Record<string, string>>; readonly schema: z.ZodType<Body> },
) => Promise<Body>;

export function createActionApi({ http, baseUrl, cacheTtlS }: WikipediaOptions): ActionApi {
  const cache = new PromiseCache<unknown>({ ttlMs: cacheTtlS * 1000, maxEntries: MAX_CACHED });

  async function load(url: URL): Promise<unknown> {
    const answer = await http.getJson(url, WIKIPEDIA);
    const refused = errorSchema.safeParse(answer);
    if (refused.success) throw refusedError(refused.data.error);
    return answer;
  }

  return async (lang, { params, schema }) => {
    const url = new URL(`${siteUrl(baseUrl, lang)}/w/api.php`);
    const all = { action: 'query', format: 'json', formatversion: '2', ...params };
    url.search = new URLSearchParams(all).toString();
    const parsed = schema.safeParse(await cache.get(url.href, () => load(url)));
    if (!parsed.success) throw formatError(WIKIPEDIA, z.prettifyError(parsed.error));
    return parsed.data;
  };
}

/** Where the Wikipedia of a language is. */
export function siteUrl(baseUrl: string, lang: string): string {
  return baseUrl.replaceAll('{lang}', lang);
}

function refusedError({ code, info }: { code: string; info: string }): ToolError {
  const said = oneLine(`${code}: ${info}`);
  if (code === 'ratelimited' || code === 'maxlag')
    return rateLimitError(WIKIPEDIA, { seconds: undefined, why: `(${said})` });
  return new ToolError('UPSTREAM', `Wikipedia did not carry out the request (${said})`);
}
