import type { Query, ServiceReply } from '../web-service/reply.ts';
import { unexpected } from '../web-service/reply.ts';
import type { Article } from './articles.ts';
import { ARTICLES, findArticle } from './articles.ts';
import { search } from './search.ts';

/** What the API calls a problem with a request; the HTTP status is 200. */
export function apiError(code: string, info: string): ServiceReply {
  return { status: 200, body: { error: { code, info, docref: 'See /w/api.php for API usage.' } } };
}

/** The parameters of each kind of query, besides `action`, `format` and `formatversion`. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  search: ['list', 'srsearch', 'srlimit', 'sroffset', 'srinfo', 'srprop'],
  page: ['titles', 'prop', 'redirects', 'converttitles', 'explaintext', 'exintro', 'ppprop', 'rvprop'],
  links: ['titles', 'prop', 'redirects', 'converttitles', 'plnamespace', 'pllimit', 'plcontinue'],
  languages: ['titles', 'prop', 'redirects', 'converttitles', 'lllimit', 'llprop'],
  options: ['titles', 'generator', 'gplnamespace', 'gpllimit', 'prop'],
};

const FORMAT = { action: 'query', format: 'json', formatversion: '2' };

/** Plays `action=query` of mediawiki.org/wiki/API:Query, as far as the kinds above go. */
export function actionApi(lang: string, { action, format, formatversion, ...query }: Query): ServiceReply {
  if (JSON.stringify({ action, format, formatversion }) !== JSON.stringify(FORMAT)) {
    return unexpected('only action=query in JSON, formatversion 2');
  }
  const kind = kindOf(query);
  const known = KINDS[kind] ?? [];
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  if (unknown.length > 0) return unexpected(`not of a query for ${kind}: ${unknown.join()}`);
  if (kind === 'search') return search(lang, query);
  const title = query['titles'] ?? '';
  if (title === '' || title.includes('|')) return unexpected('one title is expected');
  return kind === 'options' ? options(lang, query) : answerPage(lang, query);
}

function kindOf(query: Query): 'search' | 'page' | 'links' | 'languages' | 'options' {
  if (query['list'] !== undefined) return 'search';
  if (query['generator'] !== undefined) return 'options';
  if (query['prop'] === 'langlinks') return 'languages';
  return query['prop'] === 'links' ? 'links' : 'page';
}

function answerPage(lang: string, query: Query): ServiceReply {
  const given = query['titles'] ?? '';
  const title = normal(given);
  const about = title === given ? {} : { normalized: [{ fromencoded: false, from: given, to: title }] };
  const article = findArticle(lang, title);
  if (!article) return noArticle(given, about);
  const isRedirect = article.title !== title;
  if (isRedirect && query['redirects'] === undefined) return unexpected('redirects are to be followed');
  const names = { ...about, ...(isRedirect && { redirects: [{ from: title, to: article.title }] }) };
  if (query['prop'] === 'langlinks') return languages(article, names);
  return query['prop'] === 'links' ? links(article, { query, names }) : page(article, { query, names });
}

function noArticle(given: string, about: object): ServiceReply {
  const [, iw] = /^(de|en|fr|zh):/u.exec(given) ?? [];
  if (iw !== undefined) return ok({ interwiki: [{ title: given, iw }] });
  if (/[#<>[\]{}]/u.test(given)) {
    const invalidreason = 'The requested page title contains invalid characters.';
    return ok({ pages: [{ title: given, invalidreason, invalid: true }] });
  }
  const title = normal(given);
  const isSpecial = title.startsWith('Special:');
  const answer = isSpecial ? { ns: -1, title, special: true } : { ns: 0, title, missing: true };
  return ok({ ...about, pages: [answer] });
}

function page(article: Article, { query, names }: { query: Query; names: object }): ServiceReply {
  const asked = (query['prop'] ?? '').split('|');
  const unknown = asked.find((name) => !['extracts', 'description', 'pageprops', 'revisions'].includes(name));
  if (unknown !== undefined) return unexpected(`unknown prop ${unknown}`);
  const { extract, description, isDisambiguation } = article;
  const intro = extract.split('\n\n\n==')[0];
  const revision = { revid: article.id * 7, parentid: article.id * 7 - 1, timestamp: '2026-01-15T10:20:30Z' };
  return ok({
    ...names,
    pages: [
      {
        ...identity(article),
        ...(asked.includes('extracts') && { extract: query['exintro'] === undefined ? extract : intro }),
        ...(asked.includes('description') && { description, descriptionsource: 'local' }),
        ...(asked.includes('pageprops') && isDisambiguation && { pageprops: { disambiguation: '' } }),
        ...(asked.includes('revisions') && { revisions: [revision] }),
      },
    ],
  });
}

function links(article: Article, { query, names }: { query: Query; names: object }): ServiceReply {
  const limit = Number(query['pllimit'] ?? 10);
  if (!(limit >= 1 && limit <= 500)) return unexpected('pllimit is from 1 to 500');
  const [, from] = /^\d+\|0\|(.+)$/u.exec(query['plcontinue'] ?? '1|0|!') ?? [];
  if (from === undefined) {
    const info = 'Invalid continue param. You should pass the original value returned by the previous query.';
    return apiError('badcontinue', info);
  }
  const rest = article.links.filter((title) => title.replaceAll(' ', '_') >= from);
  const next = rest[limit];
  const plcontinue = `${article.id}|0|${next?.replaceAll(' ', '_') ?? ''}`;
  const part = rest.slice(0, limit).map((title) => ({ ns: 0, title }));
  const body = { ...names, pages: [{ ...identity(article), ...(part.length > 0 && { links: part }) }] };
  return ok(body, next === undefined ? undefined : { plcontinue, continue: '||' });
}

/** Articles about the same in several languages. */
const SAME: readonly (readonly (readonly [lang: string, autonym: string, title: string])[])[] = [
  [
    ['de', 'Deutsch', 'Alan Turing'],
    ['en', 'English', 'Alan Turing'],
    ['zh', '中文', '艾伦·图灵'],
  ],
];

function languages(article: Article, names: object): ServiceReply {
  const same = SAME.find((set) =>
    set.some(([lang, , title]) => lang === article.lang && title === article.title),
  );
  const langlinks = (same ?? [])
    .filter(([lang]) => lang !== article.lang)
    .map(([lang, autonym, title]) => ({ lang, autonym, title }));
  return ok({ ...names, pages: [{ ...identity(article), ...(langlinks.length > 0 && { langlinks }) }] });
}

/** The pages that a page links to, in the order of their ids, those that do not exist first. */
function options(lang: string, query: Query): ServiceReply {
  if (query['generator'] !== 'links' || query['prop'] !== 'description')
    return unexpected('unknown generator');
  const article = findArticle(lang, normal(query['titles'] ?? ''));
  const titles = (article?.links ?? []).slice(0, Number(query['gpllimit'] ?? 10));
  if (titles.length === 0) return { status: 200, body: { batchcomplete: true } };
  const found = ARTICLES.filter((other) => other.lang === lang && titles.includes(other.title));
  const missing = titles.filter((title) => !found.some((other) => other.title === title));
  return ok({
    pages: [
      ...missing.map((title) => ({ ns: 0, title, missing: true })),
      ...found.map((other) => ({
        ...identity(other),
        description: other.description,
        descriptionsource: 'local',
      })),
    ],
  });
}

function ok(query: object, next?: object): ServiceReply {
  return { status: 200, body: { ...(next ? { continue: next } : { batchcomplete: true }), query } };
}

function identity({ id, title }: Article): object {
  return { pageid: id, ns: 0, title };
}

/** Titles begin with a capital, and an underscore is a space. */
function normal(title: string): string {
  const spaced = title.replaceAll('_', ' ').trim();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
