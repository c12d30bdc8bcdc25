import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import type { SettingSpecs } from '@patchbay/server-kit';
import { errorMessage, log, serve } from '@patchbay/server-kit';
import { createHttpClient } from '@patchbay/server-kit/http-client';
import { cacheFolder } from '@patchbay/server-kit/own-cache';
import * as z from 'zod';
import manifest from '../package.json' with { type: 'json' };
import { createArxivClient } from './arxiv-client.ts';
import { createRequestGate } from './request-gate.ts';
import { createServer } from './server.ts';

/** Largest answer that is read: the HTML of a long paper has several million bytes. */
const MAX_BYTES = 20_000_000;

const httpUrl = z
  .url({ protocol: /^https?$/u, error: 'must be an http or https address' })
  .transform((url) => url.replace(/\/+$/u, ''));

const settings = {
  baseUrl: {
    flag: 'base-url',
    env: 'ARXIV_BASE_URL',
    schema: httpUrl.optional(),
    description: 'the API and, unless set apart, the HTML pages; default https://export.arxiv.org',
  },
  htmlBaseUrl: {
    flag: 'html-base-url',
    env: 'ARXIV_HTML_BASE_URL',
    schema: httpUrl.optional(),
    description: 'the HTML pages; default https://arxiv.org',
  },
  minIntervalMs: {
    flag: 'min-interval-ms',
    env: 'ARXIV_MIN_INTERVAL_MS',
    schema: z.coerce.number().int().min(0).max(60_000).default(3000),
    description: 'least time between two requests; arXiv asks for 3000, less is for tests',
  },
  timeoutMs: {
    flag: 'timeout-ms',
    env: 'ARXIV_TIMEOUT_MS',
    schema: z.coerce.number().int().min(100).max(120_000).default(30_000),
    description: 'time limit of one call, all its requests and waits together',
  },
  cacheTtlS: {
    flag: 'cache-ttl-s',
    env: 'ARXIV_CACHE_TTL_S',
    schema: z.coerce.number().int().min(0).max(604_800).default(86_400),
    description: 'seconds to keep answers in memory; 0 keeps nothing',
  },
  cacheDir: {
    flag: 'cache-dir',
    env: 'ARXIV_CACHE_DIR',
    schema: z.string().optional(),
    description: 'folder through which processes take turns; default in the cache folder of the user',
  },
} as const satisfies SettingSpecs;

await serve({
  manifest,
  settings,
  check: { tool: 'get_paper', arguments: { id: '1706.03762' } },
  open({ baseUrl, htmlBaseUrl, minIntervalMs: intervalMs, timeoutMs, cacheTtlS, cacheDir }) {
    const { platform, env } = process;
    const client = createArxivClient({
      http: createHttpClient({
        userAgent: `${manifest.name}/${manifest.version}`,
        timeoutMs,
        maxBytes: MAX_BYTES,
        maxConnections: 1,
      }),
      gate: createRequestGate({
        folder: cacheDir ?? join(cacheFolder({ platform, home: homedir(), env }), 'arxiv'),
        intervalMs,
        owner: { id: `${hostname()}/${process.pid}`, isGone },
        onUnusable(error) {
          log.warn(`requests are spaced within this process alone: ${errorMessage(error)}`);
        },
      }),
      apiUrl: baseUrl ?? 'https://export.arxiv.org',
      htmlUrl: htmlBaseUrl ?? baseUrl ?? 'https://arxiv.org',
      intervalMs,
      timeoutMs,
      cacheTtlMs: cacheTtlS * 1000,
    });
    return {
      createServer: () => createServer({ client, timeoutMs }),
      [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
    };
  },
});

/** Only of this machine's own processes can it be told. */
function isGone(id: string): boolean {
  const prefix = `${hostname()}/`;
  const pid = Number(id.slice(prefix.length));
  if (!id.startsWith(prefix) || !Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
