import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Query, ServiceReply } from './reply.ts';
import { UNDOCUMENTED, unexpected } from './reply.ts';
import type { ServiceFault } from './service-fault.ts';
import { misbehave, send } from './service-fault.ts';

/** One request that a played service got. */
export interface ServiceRequest {
  readonly path: string;
  readonly query: Query;
  /** Empty when there was none. */
  readonly userAgent: string;
  /** When it came, in milliseconds since some moment. */
  readonly at: number;
}

/** What the services that are played here have in common. */
export interface PlayedService extends AsyncDisposable {
  /** `http://127.0.0.1:port`, without a path. */
  readonly url: string;
  /** Every request so far, those with faults included. */
  readonly requests: readonly ServiceRequest[];
  /** What was asked that the documentation does not allow; each got HTTP status 599. */
  readonly problems: readonly string[];
  /** Most requests that were under way at one time. */
  readonly mostAtOnce: number;
  /** The next requests whose path begins with `path` get these faults, one each, in order. */
  fault(path: string, ...faults: readonly ServiceFault[]): void;
}

/** Starts a service of GET requests on this machine, whose documented answers come from `answer`. */
export async function playService(answer: (request: ServiceRequest) => ServiceReply): Promise<PlayedService> {
  const faults = new Map<string, ServiceFault[]>();
  const requests: ServiceRequest[] = [];
  const problems: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let [underWay, mostAtOnce] = [0, 0];

  const server = createServer((incoming, response) => {
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    response.once('close', () => (underWay -= 1));
    const { pathname: path, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
    const userAgent = incoming.headers['user-agent'] ?? '';
    const request = { path, query: Object.fromEntries(searchParams), userAgent, at: performance.now() };
    requests.push(request);
    const documented = (): ServiceReply => {
      const isGet = incoming.method === 'GET';
      const reply = isGet ? answer(request) : unexpected('only GET is documented');
      if (reply.status === UNDOCUMENTED)
        problems.push(`${incoming.method} ${incoming.url}: ${JSON.stringify(reply.body)}`);
      return reply;
    };
    const [, waiting] = [...faults].find(([start]) => path.startsWith(start)) ?? [];
    const fault = waiting?.shift();
    if (fault === undefined) send(response, documented());
    else if (fault.kind === 'delay')
      timers.add(setTimeout(() => send(response, documented()), fault.delayMs));
    else misbehave(response, fault, documented);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();

  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    requests,
    problems,
    get mostAtOnce() {
      return mostAtOnce;
    },
    fault: (path, ...more) => void faults.set(path, [...(faults.get(path) ?? []), ...more]),
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer);
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
