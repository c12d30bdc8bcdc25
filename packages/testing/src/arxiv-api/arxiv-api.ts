import type { PlayedService, ServiceRequest } from '../web-service/play-service.ts';
import { playService } from '../web-service/play-service.ts';
import type { Query, ServiceReply } from '../web-service/reply.ts';
import { unexpected } from '../web-service/reply.ts';
import type { ServiceFault } from '../web-service/service-fault.ts';
import type { FeedFormat, FeedPage } from './feed.ts';
import { writeErrorFeed, writeFeed } from './feed.ts';
import { writeHtmlPage } from './html-page.ts';
import type { FixturePaper } from './papers.ts';
import { findPaper, PAPERS } from './papers.ts';
import { readSearchQuery } from './search-query.ts';

/** What goes wrong with one request, instead of or before the documented answer. */
export type ArxivApiFault =
  | ServiceFault
  /** A feed whose one entry says what is wrong, with status 200. */
  | { kind: 'error-entry'; message: string }
  /** A feed that counts results and holds none, as arXiv sends now and then. */
  | { kind: 'empty-page' };

export interface ArxivApiOptions {
  /** Which form of the feed is sent. Default `current`. */
  readonly format?: FeedFormat;
}

/** arXiv asks for one request at a time: see its `mostAtOnce`. */
export interface ArxivApi
  extends Pick<PlayedService, 'requests' | 'problems' | 'mostAtOnce'>, AsyncDisposable {
  /** What points server-arxiv at this server, without the pauses that arXiv asks for. */
  readonly env: Readonly<Record<string, string>>;
  /** The next requests to `/api/query`, or to pages under `/html/`, get these faults, one each, in order. */
  fault(path: ArxivApiPath, ...faults: readonly ArxivApiFault[]): void;
}

export type ArxivApiPath = '/api/query' | '/html/';

/**
 * Starts a local server that plays the API of arXiv and its HTML pages for seven papers, among them 1706.03762
 * (Attention Is All You Need), 2206.06921 and hep-th/9711200. The first two of these have an HTML page.
 */
export async function startArxivApi({ format = 'current' }: ArxivApiOptions = {}): Promise<ArxivApi> {
  const service = await playService((request) => route(request, format));
  const { url, requests, problems } = service;
  return {
    env: { ARXIV_BASE_URL: url, ARXIV_MIN_INTERVAL_MS: '0' },
    requests,
    problems,
    get mostAtOnce() {
      return service.mostAtOnce;
    },
    fault: (path, ...faults) => service.fault(path, ...faults.map(toServiceFault)),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

interface Asked {
  readonly query: Query;
  readonly format: FeedFormat;
}

const ATOM = 'application/atom+xml; charset=utf-8';
const HTML = 'text/html; charset=utf-8';

function feedFault(body: string): ServiceFault {
  return { kind: 'status', status: 200, headers: { 'content-type': ATOM }, body };
}

function toServiceFault(fault: ArxivApiFault): ServiceFault {
  if (fault.kind === 'error-entry') return feedFault(writeErrorFeed(fault.message));
  if (fault.kind !== 'empty-page') return fault;
  return feedFault(writeFeed('current', { query: {}, total: 1000, start: 0, perPage: 10, papers: [] }));
}

function route({ path, query }: ServiceRequest, format: FeedFormat): ServiceReply {
  if (path === '/api/query') return answerQuery({ query, format });
  if (path.startsWith('/html/')) return answerPage(path.slice('/html/'.length));
  return unexpected('unknown path');
}

function answerPage(id: string): ServiceReply {
  const paper = findPaper(id);
  if (paper?.hasHtml === true) return { status: 200, type: HTML, body: writeHtmlPage(paper) };
  return { status: 404, type: HTML, body: `<html><body><h1>No HTML for '${id}'</h1></body></html>` };
}

const ID = /^(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})(?:v\d+)?$/u;

/** As info.arxiv.org/help/api/user-manual says. */
function answerQuery({ query, format }: Asked): ServiceReply {
  const problem = parameterProblem(query);
  if (problem !== undefined) return unexpected(problem);
  const ids = query['id_list']?.split(',');
  const malformed = ids?.find((id) => !ID.test(id));
  if (malformed !== undefined) {
    const body = writeErrorFeed(`incorrect id format for ${malformed}`);
    return { status: format === 'current' ? 400 : 200, type: ATOM, body };
  }
  try {
    const found = ids?.map(findPaper) ?? search(query);
    const body = writeFeed(format, pageOf(found, { query, format }));
    return { status: 200, type: ATOM, body };
  } catch (error) {
    return unexpected(String(error));
  }
}

function pageOf(found: readonly (FixturePaper | undefined)[], { query, format }: Asked): FeedPage {
  const counted = format === 'current' ? found.filter((paper) => paper !== undefined) : found;
  const [start, perPage] = [Number(query['start'] ?? 0), Number(query['max_results'] ?? 10)];
  return { query, total: counted.length, start, perPage, papers: counted.slice(start, start + perPage) };
}

function parameterProblem(query: Query): string | undefined {
  const allowed: Readonly<Record<string, RegExp>> = {
    search_query: /./u,
    id_list: /./u,
    start: /^\d{1,5}$/u,
    max_results: /^(?:1?\d{1,3}|2000)$/u,
    sortBy: /^(?:relevance|lastUpdatedDate|submittedDate)$/u,
    sortOrder: /^(?:ascending|descending)$/u,
  };
  const wrong = Object.entries(query).find(([name, value]) => allowed[name]?.test(value) !== true);
  if (wrong) return `${wrong[0]}=${wrong[1]} is not documented`;
  const isAsked = 'search_query' in query || 'id_list' in query;
  return isAsked ? undefined : 'neither search_query nor id_list';
}

function search(query: Query): readonly FixturePaper[] {
  const { search_query: searchQuery = '', sortBy = 'relevance', sortOrder } = query;
  const found = PAPERS.filter(readSearchQuery(searchQuery));
  if (sortBy === 'relevance') return found;
  const key = sortBy === 'submittedDate' ? 'published' : 'updated';
  const ascending = found.toSorted((one, other) => (one[key] < other[key] ? -1 : 1));
  return sortOrder === 'ascending' ? ascending : ascending.toReversed();
}
