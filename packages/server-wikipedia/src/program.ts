import type { SettingSpecs } from '@patchbay/server-kit';
import { serve } from '@patchbay/server-kit';
import { createHttpClient } from '@patchbay/server-kit/http-client';
import * as z from 'zod';
import manifest from '../package.json' with { type: 'json' };
import { createServer } from './server.ts';
import { languageCode } from './tools/page-fields.ts';
import { createWikipedia } from './wikipedia.ts';

/** Largest answer that is read. */
const MAX_BYTES = 4_000_000;

/** Source: the Wikimedia API etiquette, which asks for at most three requests at a time. */
const MAX_CONNECTIONS = 3;

const settings = {
  contact: {
    flag: 'contact',
    env: 'WIKIPEDIA_CONTACT',
    schema: z
      .string()
      .trim()
      .max(200)
      .regex(/^[\x21-\x7E]+$/u, 'must be an e-mail address or a web address')
      .optional(),
    description:
      'e-mail or web address that is sent to Wikipedia, which allows more requests to who gives one',
  },
  language: {
    flag: 'lang',
    env: 'WIKIPEDIA_LANG',
    schema: languageCode.default('en'),
    description: 'language of the Wikipedia when a call names none',
  },
  cacheTtlS: {
    flag: 'cache-ttl-s',
    env: 'WIKIPEDIA_CACHE_TTL_S',
    schema: z.coerce.number().int().min(0).max(86_400).default(600),
    description: 'seconds to keep an answer of Wikipedia; 0 keeps none',
  },
  timeoutMs: {
    flag: 'timeout-ms',
    env: 'WIKIPEDIA_TIMEOUT_MS',
    schema: z.coerce.number().int().min(100).max(60_000).default(10_000),
    description: 'time limit of one call, all its requests together',
  },
  baseUrl: {
    flag: 'base-url',
    env: 'WIKIPEDIA_BASE_URL',
    schema: z
      .string()
      .refine((url) => /^https?:\/\//u.test(url) && URL.canParse(url.replaceAll('{lang}', 'en')), {
        error: 'must be an http or https address, with {lang} where the language goes',
      })
      .transform((url) => url.replace(/\/+$/u, ''))
      .default('https://{lang}.wikipedia.org'),
    description: 'the Wikipedias, or another place that answers like them',
  },
} as const satisfies SettingSpecs;

await serve({
  manifest,
  settings,
  check: { tool: 'get_summary', arguments: { title: 'Wikipedia' } },
  open: ({ contact, language, cacheTtlS, timeoutMs, baseUrl }) => {
    const userAgent = `patchbay-server-wikipedia/${manifest.version}${contact === undefined ? '' : ` (${contact})`}`;
    const http = createHttpClient({
      timeoutMs,
      userAgent,
      maxBytes: MAX_BYTES,
      maxConnections: MAX_CONNECTIONS,
    });
    const wikipedia = createWikipedia({ http, baseUrl, cacheTtlS });
    return {
      createServer: () => createServer({ wikipedia, language, timeoutMs }),
      [Symbol.asyncDispose]: () => wikipedia[Symbol.asyncDispose](),
    };
  },
});
