import type { PlayedService, ServiceRequest } from '../web-service/play-service.ts';
import { playService } from '../web-service/play-service.ts';
import type { ServiceReply } from '../web-service/reply.ts';
import { unexpected } from '../web-service/reply.ts';
import type { ServiceFault } from '../web-service/service-fault.ts';
import { actionApi, apiError } from './action-api.ts';

/** What goes wrong with one request, instead of or before the documented answer. */
export type WikipediaApiFault =
  | ServiceFault
  /** Status 200 with an error of the API, such as `ratelimited`. */
  | { kind: 'api-error'; code: string; info: string };

export interface WikipediaApi
  extends Pick<PlayedService, 'requests' | 'problems' | 'mostAtOnce'>, AsyncDisposable {
  /** `WIKIPEDIA_BASE_URL`, which points server-wikipedia at this server. */
  readonly env: Readonly<Record<'WIKIPEDIA_BASE_URL', string>>;
  /** The next requests get these faults, one each, in order. */
  fault(...faults: readonly WikipediaApiFault[]): void;
}

/**
 * Starts a local server that plays the Action API of Wikipedia in English (a dozen articles, one with several
 * meanings, one very long), German (one) and Chinese (two).
 */
export async function startWikipediaApi(): Promise<WikipediaApi> {
  const service = await playService(route);
  const { url, requests, problems } = service;
  return {
    env: { WIKIPEDIA_BASE_URL: `${url}/{lang}` },
    requests,
    problems,
    get mostAtOnce() {
      return service.mostAtOnce;
    },
    fault: (...faults) => service.fault('/', ...faults.map(toServiceFault)),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

function route({ path, query, userAgent }: ServiceRequest): ServiceReply {
  const [, lang] = /^\/([a-z-]+)\/w\/api\.php$/u.exec(path) ?? [];
  if (lang === undefined) return unexpected('unknown path');
  if (userAgent === '') return { status: 403, body: 'Please set a user-agent and respect our robot policy' };
  return actionApi(lang, query);
}

function toServiceFault(fault: WikipediaApiFault): ServiceFault {
  if (fault.kind !== 'api-error') return fault;
  const headers = { 'mediawiki-api-error': fault.code };
  return { kind: 'status', headers, ...apiError(fault.code, fault.info) };
}
