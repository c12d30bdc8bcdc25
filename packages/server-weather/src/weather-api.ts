import { errorMessage, oneLine, ToolError } from '@patchbay/server-kit';
import type { HttpClient, HttpClientOptions, Upstream } from '@patchbay/server-kit/http-client';
import { createHttpClient, formatError } from '@patchbay/server-kit/http-client';
import * as z from 'zod';

/** Largest answer that is read, in bytes. */
const MAX_BYTES = 1_000_000;

/** The weather services over HTTP. */
export interface WeatherApi extends AsyncDisposable {
  /**
   * GETs a JSON document, checked by `schema`.
   *
   * @throws {ToolError} `NETWORK`, `TIMEOUT`, `INVALID_KEY`, `RATE_LIMITED`, `UPSTREAM` or `UPSTREAM_FORMAT`.
   */
  getJson<Body>(
    url: URL,
    options: { readonly schema: z.ZodType<Body>; readonly service: Upstream },
  ): Promise<Body>;
}

/** Opens an HTTP client for weather services. */
export function createWeatherApi(options: Pick<HttpClientOptions, 'timeoutMs' | 'userAgent'>): WeatherApi {
  const http: HttpClient = createHttpClient({ ...options, maxBytes: MAX_BYTES });
  return {
    async getJson(url, { schema, service }) {
      const parsed = schema.safeParse(await http.getJson(url, service));
      if (parsed.success) return parsed.data;
      throw formatError(service, z.prettifyError(parsed.error));
    },
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

interface WeatherService {
  readonly name: string;
  /** What to do when it refuses the key. */
  readonly keyHint: string;
  /** Takes the service's key out of a text that it may have echoed. */
  readonly redact?: (text: string) => string;
}

/** What errors say of a weather service. */
export function weatherUpstream({ name, keyHint, redact = (text) => text }: WeatherService): Upstream {
  return {
    name,
    timeoutSetting: 'WEATHER_TIMEOUT_MS',
    offlineHint: 'Say that the weather is not available offline; do not guess it.',
    redact,
    reasonOf,
    explain({ status, text }) {
      if (status !== 401) return undefined;
      const reason = reasonOf(text);
      const said = reason === undefined ? '' : `: ${redact(oneLine(reason))}`;
      return new ToolError('INVALID_KEY', `${name} refused the key (HTTP 401)${said}`, { hint: keyHint });
    },
  };
}

/** Open-Meteo says `reason`, OpenWeather `message`. */
const refusalSchema = z.object({ reason: z.string().optional(), message: z.string().optional() });

function reasonOf(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const parsed = refusalSchema.safeParse(JSON.parse(text));
    return parsed.data?.reason ?? parsed.data?.message;
  } catch (error) {
    return `unreadable error body, ${errorMessage(error)}`;
  }
}
