import type { SettingSpecs } from '@patchbay/server-kit';
import { serve, SettingsError } from '@patchbay/server-kit';
import * as z from 'zod';
import manifest from '../package.json' with { type: 'json' };
import { cachedProvider } from './cached-provider.ts';
import { createOpenMeteo } from './open-meteo/provider.ts';
import { createOpenWeather } from './openweather/provider.ts';
import { createServer } from './server.ts';
import { createWeatherApi } from './weather-api.ts';

const settings = {
  provider: {
    flag: 'provider',
    env: 'WEATHER_PROVIDER',
    schema: z.enum(['open-meteo', 'openweather']).optional(),
    description: 'open-meteo or openweather; default openweather when a key is set, else open-meteo',
  },
  apiKey: {
    flag: 'openweather-api-key',
    env: 'OPENWEATHER_API_KEY',
    schema: z.string().trim().optional(),
    isSecret: true,
    description: 'key for OpenWeather; prefer the variable, other users can see flags',
  },
  units: {
    flag: 'units',
    env: 'WEATHER_UNITS',
    schema: z.enum(['metric', 'imperial']).default('metric'),
    description: 'units when a call names none: metric or imperial',
  },
  language: {
    flag: 'lang',
    env: 'WEATHER_LANG',
    schema: z.enum(['en', 'zh']).default('en'),
    description: 'language when a call names none and the city is not in Chinese: en or zh',
  },
  cacheTtlS: {
    flag: 'cache-ttl-s',
    env: 'WEATHER_CACHE_TTL_S',
    schema: z.coerce.number().int().min(0).max(86_400).default(600),
    description: 'seconds to keep the weather of a place; places are kept for a day; 0 keeps nothing',
  },
  timeoutMs: {
    flag: 'timeout-ms',
    env: 'WEATHER_TIMEOUT_MS',
    schema: z.coerce.number().int().min(100).max(60_000).default(8000),
    description: 'time limit of one call, all its requests together',
  },
  openMeteoUrl: {
    flag: 'open-meteo-base-url',
    env: 'OPEN_METEO_BASE_URL',
    schema: baseUrl('https://api.open-meteo.com'),
    description: 'Open-Meteo forecast service',
  },
  geocodingUrl: {
    flag: 'open-meteo-geocoding-url',
    env: 'OPEN_METEO_GEOCODING_URL',
    schema: baseUrl('https://geocoding-api.open-meteo.com'),
    description: 'Open-Meteo geocoding service',
  },
  openWeatherUrl: {
    flag: 'openweather-base-url',
    env: 'OPENWEATHER_BASE_URL',
    schema: baseUrl('https://api.openweathermap.org'),
    description: 'OpenWeather, geocoding included',
  },
} as const satisfies SettingSpecs;

await serve({
  manifest,
  settings,
  check: { tool: 'get_current_weather', arguments: { city: 'Berlin' } },
  open: ({ provider: wanted, apiKey = '', units, language, cacheTtlS, timeoutMs, ...urls }) => {
    const id = wanted ?? (apiKey === '' ? 'open-meteo' : 'openweather');
    if (id === 'openweather' && apiKey === '') {
      throw new SettingsError(
        'WEATHER_PROVIDER: openweather needs a key in OPENWEATHER_API_KEY, which is not set',
      );
    }
    const api = createWeatherApi({ timeoutMs, userAgent: `${manifest.name}/${manifest.version}` });
    const direct =
      id === 'openweather'
        ? createOpenWeather({ api, baseUrl: urls.openWeatherUrl, apiKey })
        : createOpenMeteo({ api, forecastUrl: urls.openMeteoUrl, geocodingUrl: urls.geocodingUrl });
    const provider = cachedProvider(direct, { ttlS: cacheTtlS });
    return {
      createServer: () => createServer({ provider, units, language, timeoutMs }),
      [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose](),
    };
  },
});

/** An address to which paths are appended; a slash at its end makes no difference. */
function baseUrl(fallback: string): z.ZodType<string> {
  return z
    .url({ protocol: /^https?$/u, error: 'must be an http or https address' })
    .transform((url) => url.replace(/\/+$/u, ''))
    .default(fallback);
}
