import { oneLine, plainText } from '@patchbay/server-kit';
import type { ActionApi, WikipediaOptions } from './action-api.ts';
import { createActionApi, siteUrl } from './action-api.ts';
import type { FoundPage, PagesBody } from './formats.ts';
import { pagesSchema, searchSchema } from './formats.ts';
import { checkTitle, invalidTitle, pageNotFound } from './title.ts';
import { cleanExtract } from './text/extract.ts';
import { snippetText } from './text/snippet.ts';

/** Most links that Wikipedia lists at once; they come in alphabetical order, so that all are needed to choose. */
const MAX_LINKS = 500;

/** Most meanings of one title that are told. */
const MAX_OPTIONS = 50;

export interface SearchHit {
  readonly title: string;
  readonly snippet: string;
  readonly words: number | undefined;
}

export interface SearchResults {
  readonly hits: readonly SearchHit[];
  readonly totalHits: number | undefined;
  /** What Wikipedia would have searched for instead. */
  readonly suggestion: string | undefined;
  readonly nextOffset: number | undefined;
}

export interface Page {
  readonly title: string;
  /** The title that was asked for, when it leads to this page. */
  readonly redirectedFrom: string | undefined;
  /** What the page is about, in a few words. */
  readonly description: string | undefined;
  /** The page lists what its title may mean, and its text is of no use. */
  readonly isDisambiguation: boolean;
  /** Plain text, with headings such as `== History ==`. */
  readonly text: string;
  /** ISO 8601. */
  readonly lastEdited: string | undefined;
}

export interface PageOption {
  readonly title: string;
  readonly description: string | undefined;
}

export interface Links {
  readonly page: string;
  readonly titles: readonly string[];
  /** Where the part ends, in the words of Wikipedia; absent at the end of the list. */
  readonly last: string | undefined;
}

/** A page about the same in another language. */
interface Translation {
  readonly lang: string;
  /** The language, as those who speak it call it. */
  readonly name: string | undefined;
  readonly title: string;
}

/**
 * Wikipedia through its Action API. Methods throw coded `ToolError`s and take no signal: their work is cached and
 * shared between callers, and ends by the HTTP client's own time limit.
 */
export interface Wikipedia extends AsyncDisposable {
  search(
    query: string,
    options: { readonly lang: string; readonly limit: number; readonly offset: number },
  ): Promise<SearchResults>;
  /** @throws {ToolError} `PAGE_NOT_FOUND`, naming the closest titles, or `INVALID_TITLE`. */
  page(title: string, options: { readonly lang: string; readonly part: 'intro' | 'all' }): Promise<Page>;
  /** At most 50 articles that a disambiguation page names: in its order as far as its text goes, then by name. */
  options(page: Page, lang: string): Promise<readonly PageOption[]>;
  /** Articles that the page links to, in alphabetical order: those behind `after`. Throws as {@link page} does. */
  links(
    title: string,
    options: { readonly lang: string; readonly limit: number; readonly after: string | undefined },
  ): Promise<Links>;
  /** The same page in the other languages that have it, at most 500. Throws as {@link page} does. */
  languages(
    title: string,
    lang: string,
  ): Promise<{ readonly page: string; readonly translations: readonly Translation[] }>;
  /** Where people read the page. */
  pageUrl(title: string, lang: string): string;
}

/** Talks to the Wikipedias below `baseUrl`. */
export function createWikipedia(options: WikipediaOptions): Wikipedia {
  const ask = createActionApi(options);

  async function findPage(
    title: string,
    { lang, params }: { lang: string; params: Readonly<Record<string, string>> },
  ): Promise<PagesBody & { readonly page: FoundPage }> {
    const titles = checkTitle(title);
    const common = { titles, redirects: '1', converttitles: '1' };
    const body = await ask(lang, { params: { ...common, ...params }, schema: pagesSchema });
    const page = body.query?.pages?.[0];
    const isElsewhere = (body.query?.interwiki?.length ?? 0) > 0;
    if (isElsewhere || page?.invalid === true) throw invalidTitle(title);
    if (!page || page.missing === true || page.special === true) {
      const closest = await search(ask, title, { lang, limit: 3, offset: 0 });
      throw pageNotFound(title, { lang, closest: closest.hits.map((hit) => hit.title) });
    }
    return { ...body, page };
  }

  return {
    search: (query, where) => search(ask, query, where),
    async page(title, { lang, part }) {
      const params = {
        prop: 'extracts|description|pageprops|revisions',
        explaintext: '1',
        ...(part === 'intro' && { exintro: '1' }),
        ppprop: 'disambiguation',
        rvprop: 'ids|timestamp',
      };
      const { page, query } = await findPage(title, { lang, params });
      return toPage(page, query?.redirects?.[0]?.from);
    },
    async options(page, lang) {
      const params = {
        titles: page.title,
        generator: 'links',
        gplnamespace: '0',
        gpllimit: String(MAX_LINKS),
        prop: 'description',
      };
      const { query } = await ask(lang, { params, schema: pagesSchema });
      const known = (query?.pages ?? []).filter(({ missing }) => missing !== true);
      return rankOptions(known.map(toOption), page).slice(0, MAX_OPTIONS);
    },
    async links(title, { lang, limit, after }) {
      const params = {
        prop: 'links',
        plnamespace: '0',
        pllimit: String(limit),
        ...(after !== undefined && { plcontinue: after }),
      };
      const { page, continue: next } = await findPage(title, { lang, params });
      const titles = (page.links ?? []).map((link) => oneLine(link.title));
      return { page: oneLine(page.title), titles, last: next?.plcontinue };
    },
    async languages(title, lang) {
      const params = { prop: 'langlinks', lllimit: String(MAX_LINKS), llprop: 'autonym' };
      const { page } = await findPage(title, { lang, params });
      const translations = (page.langlinks ?? []).map(({ lang: code, title: name, autonym }) => ({
        lang: code,
        name: autonym === undefined ? undefined : oneLine(autonym),
        title: oneLine(name),
      }));
      return { page: oneLine(page.title), translations };
    },
    pageUrl: (title, lang) => `${siteUrl(options.baseUrl, lang)}/wiki/${pathOf(title)}`,
    [Symbol.asyncDispose]: () => options.http[Symbol.asyncDispose](),
  };
}

async function search(
  ask: ActionApi,
  query: string,
  { lang, limit, offset }: { lang: string; limit: number; offset: number },
): Promise<SearchResults> {
  const params = {
    list: 'search',
    srsearch: query,
    srlimit: String(limit),
    sroffset: String(offset),
    srinfo: 'totalhits|suggestion',
    srprop: 'snippet|wordcount',
  };
  const { query: found, continue: next } = await ask(lang, { params, schema: searchSchema });
  const suggestion = found.searchinfo?.suggestion;
  return {
    hits: found.search.map(({ title, snippet = '', wordcount }) => ({
      title: oneLine(title),
      snippet: snippetText(snippet),
      words: wordcount,
    })),
    totalHits: found.searchinfo?.totalhits,
    suggestion: suggestion === undefined ? undefined : oneLine(suggestion),
    nextOffset: next?.sroffset,
  };
}

function toPage(page: FoundPage, redirectedFrom: string | undefined): Page {
  return {
    title: oneLine(page.title),
    redirectedFrom: redirectedFrom === undefined ? undefined : oneLine(redirectedFrom),
    description: page.description === undefined ? undefined : oneLine(page.description),
    isDisambiguation: page.pageprops?.disambiguation !== undefined,
    text: cleanExtract(plainText(page.extract ?? '')),
    lastEdited: page.revisions?.[0]?.timestamp,
  };
}

function toOption({ title, description }: FoundPage): PageOption {
  return {
    title: oneLine(title),
    description: description === undefined ? undefined : oneLine(description),
  };
}

/** Links come in no useful order, and with them what is only mentioned. */
function rankOptions(options: readonly PageOption[], { title, text }: Page): readonly PageOption[] {
  const name = title.replace(/\s*\([^()]*\)$/u, '').toLowerCase();
  const rank = (option: PageOption): number => {
    const position = text.indexOf(option.title);
    if (position !== -1) return position;
    const other = option.title.toLowerCase();
    // Behind all that the text names.
    if (other.startsWith(name)) return text.length;
    return text.length + (other.includes(name) ? 1 : 2);
  };
  return options
    .map((option) => ({ option, rank: rank(option) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ option }) => option);
}

/** A title as it stands in an address: spaces become underscores; colons, slashes and commas stay readable. */
function pathOf(title: string): string {
  return encodeURIComponent(title.replaceAll(' ', '_'))
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/')
    .replaceAll('%2C', ',');
}
