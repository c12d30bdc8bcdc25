import { PromiseCache, ToolError } from '@patchbay/server-kit';
import type { HttpAnswer, HttpClient } from '@patchbay/server-kit/http-client';
import { formatError, retryAfterSeconds, statusError } from '@patchbay/server-kit/http-client';
import { parseFeed } from './feed.ts';
import { htmlToText } from './html-text.ts';
import type { Paper, PaperPage } from './paper.ts';
import type { PaperId } from './paper-id.ts';
import { formatPaperId } from './paper-id.ts';
import type { RequestGate } from './request-gate.ts';
import { ARXIV, pauseError } from './upstream.ts';

export interface ArxivClientOptions {
  readonly http: HttpClient;
  readonly gate: RequestGate;
  /** Addresses without a slash at their ends. */
  readonly apiUrl: string;
  readonly htmlUrl: string;
  readonly intervalMs: number;
  /** For one call, all its requests and waits together. */
  readonly timeoutMs: number;
  /** How long answers are kept. */
  readonly cacheTtlMs: number;
}

export interface SearchRequest {
  readonly searchQuery: string;
  readonly start: number;
  readonly maxResults: number;
  readonly sortBy: 'relevance' | 'submittedDate' | 'lastUpdatedDate';
  readonly sortOrder: 'ascending' | 'descending';
}

/**
 * arXiv, one request at a time. Its methods throw coded `ToolError`s. They take no signal, because their work is
 * cached and shared between callers: a caller stops waiting, the work ends by its own time limit.
 */
export interface ArxivClient extends AsyncDisposable {
  search(request: SearchRequest): Promise<PaperPage>;
  /** Throws `NOT_FOUND` for an id that arXiv does not know. */
  getPaper(id: PaperId): Promise<Paper>;
  /** The text of the paper's HTML page; nothing when arXiv has none. */
  readHtml(id: PaperId): Promise<string | undefined>;
}

/** Most answers that are kept; texts are larger. */
const MAX_PAGES = 200;
const MAX_TEXTS = 20;

const MAX_TRIES = 3;
const MAX_REDIRECTS = 3;

/** Answers that a later try may change: too many requests, and gateways without their backend. */
const RETRIED: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export function createArxivClient(options: ArxivClientOptions): ArxivClient {
  const { http, gate, apiUrl, htmlUrl, intervalMs, timeoutMs, cacheTtlMs: ttlMs } = options;
  const pages = new PromiseCache<PaperPage>({ ttlMs, maxEntries: MAX_PAGES });
  const texts = new PromiseCache<string | undefined>({ ttlMs, maxEntries: MAX_TEXTS });

  async function get(url: URL, endsAt: number): Promise<HttpAnswer> {
    for (let tries = 1; ; tries += 1) {
      let pauseMs: number | undefined;
      const answer = await gate.run(async () => {
        const got = await http.get(url, {
          upstream: ARXIV,
          signal: AbortSignal.timeout(Math.max(1, endsAt - Date.now())),
        });
        pauseMs = pauseAfter(got, tries * 2 * intervalMs);
        if (pauseMs !== undefined) await gate.pause(pauseMs);
        return got;
      }, endsAt);
      if (!RETRIED.has(answer.status)) return answer;
      if (tries < MAX_TRIES) continue;
      throw answer.status === 429 && pauseMs !== undefined
        ? pauseError(pauseMs)
        : statusError(ARXIV, answer, url.host);
    }
  }

  async function query(parameters: Readonly<Record<string, string>>, endsAt: number): Promise<PaperPage> {
    const url = new URL(`${apiUrl}/api/query`);
    url.search = new URLSearchParams(parameters).toString();
    const answer = await get(url, endsAt);
    // With status 400 comes a feed that says why.
    if (answer.status !== 200 && !(answer.status === 400 && answer.text.includes('<feed'))) {
      throw statusError(ARXIV, answer, url.host);
    }
    return parseFeed(answer.text);
  }

  async function search({ searchQuery, start, maxResults, ...sorting }: SearchRequest): Promise<PaperPage> {
    const endsAt = Date.now() + timeoutMs;
    const parameters = {
      search_query: searchQuery,
      start: String(start),
      max_results: String(maxResults),
      ...sorting,
    };
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const page = await query(parameters, endsAt);
      // Now and then arXiv counts results and sends none; the same request then works.
      if (page.papers.length > 0 || page.total <= start) return page;
    }
    throw new ToolError('UPSTREAM', 'arXiv found papers and sent none of them', {
      hint: 'Try again in a minute, or ask for fewer results.',
    });
  }

  async function readHtml(id: PaperId): Promise<string | undefined> {
    const endsAt = Date.now() + timeoutMs;
    let url = new URL(`${htmlUrl}/html/${formatPaperId(id)}`);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const answer = await get(url, endsAt);
      if (answer.status === 404) return undefined;
      if (answer.status === 200) return textOf(answer.text);
      const next = redirectTarget(answer, url);
      if (!next) throw statusError(ARXIV, answer, url.host);
      url = next;
    }
    throw formatError(ARXIV, 'it redirects in a circle');
  }

  return {
    search: (request) => pages.get(`search ${JSON.stringify(request)}`, () => search(request)),
    async getPaper(id) {
      const name = formatPaperId(id);
      const page = await pages.get(`id ${name}`, () =>
        query({ id_list: name, max_results: '1' }, Date.now() + timeoutMs),
      );
      const [paper] = page.papers;
      if (paper) return paper;
      throw new ToolError('NOT_FOUND', `arXiv has no paper ${name}`, {
        hint: 'Check the id and its version; search_papers finds papers by title.',
      });
    },
    readHtml: (id) => texts.get(formatPaperId(id), () => readHtml(id)),
    async [Symbol.asyncDispose]() {
      const closed = gate[Symbol.asyncDispose]();
      await http[Symbol.asyncDispose]();
      await closed;
    },
  };
}

/** How long arXiv asks to wait, or `backoffMs` when it refuses without saying. */
function pauseAfter(answer: HttpAnswer, backoffMs: number): number | undefined {
  if (!RETRIED.has(answer.status)) return undefined;
  const seconds = retryAfterSeconds(answer.retryAfter);
  return seconds === undefined ? backoffMs : seconds * 1000;
}

/** Only within the same site: an answer must not send this server anywhere else. */
function redirectTarget({ status, headers }: HttpAnswer, from: URL): URL | undefined {
  const location = headers['location'];
  if (status < 300 || status > 399 || typeof location !== 'string') return undefined;
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  return target?.origin === from.origin ? target : undefined;
}

function textOf(html: string): string {
  const text = htmlToText(html);
  if (text === '') throw formatError(ARXIV, 'its page has no text');
  return text;
}
