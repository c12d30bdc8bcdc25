import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { openMeteoForecast, openMeteoSearch } from './open-meteo.ts';
import {
  OPENWEATHER_KEY,
  openWeatherCurrent,
  openWeatherDirect,
  openWeatherForecast,
  withKey,
} from './openweather.ts';
import type { Handler, Query, Reply } from './reply.ts';
import { UNDOCUMENTED, unexpected } from './reply.ts';

/** What goes wrong with one request, instead of or before the documented answer. */
export type WeatherApiFault =
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown }
  /** Status 200 with this text, which need not be JSON. */
  | { kind: 'text'; text: string }
  /** Status 200 and more than 1 MB. */
  | { kind: 'oversize' }
  /** The connection breaks: before the answer, or in the middle of it. */
  | { kind: 'reset' }
  | { kind: 'cut' }
  /** The documented answer, late. */
  | { kind: 'delay'; delayMs: number };

export interface WeatherApiRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

export interface WeatherApi extends AsyncDisposable {
  /** What points server-weather at this server; it then uses Open-Meteo. Add {@link key} to use OpenWeather. */
  readonly env: Readonly<Record<string, string>>;
  /** `OPENWEATHER_API_KEY` with the one key that is accepted. */
  readonly key: Readonly<Record<'OPENWEATHER_API_KEY', string>>;
  /** Every request so far, those with faults included. */
  readonly requests: readonly WeatherApiRequest[];
  /** What was asked that the documentation does not allow; each got HTTP status 599. */
  readonly problems: readonly string[];
  /** The next requests to `path` get these faults, one each, in order. */
  fault(path: WeatherApiPath, ...faults: readonly WeatherApiFault[]): void;
}

export type WeatherApiPath =
  | '/v1/search'
  | '/v1/forecast'
  | '/geo/1.0/direct'
  | '/data/2.5/weather'
  | '/data/2.5/forecast';

/**
 * Starts a local server that plays Open-Meteo (geocoding and forecast) and OpenWeather (geocoding and current weather)
 * for seven places: Beijing, Paris and Paris in Texas, London and London in Ontario, Berlin, and Munich.
 */
export async function startWeatherApi(): Promise<WeatherApi> {
  const faults = new Map<string, WeatherApiFault[]>();
  const requests: WeatherApiRequest[] = [];
  const problems: string[] = [];
  const timers = new Set<NodeJS.Timeout>();

  const server = createServer((request, response) => {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const query = Object.fromEntries(searchParams);
    requests.push({ path, query });
    const answer = (): void => {
      const { status, body } = route(request, path, query);
      if (status === UNDOCUMENTED) problems.push(`${request.method} ${request.url}: ${JSON.stringify(body)}`);
      send(response, status, body);
    };
    const fault = faults.get(path)?.shift();
    if (fault?.kind === 'delay') timers.add(setTimeout(answer, fault.delayMs));
    else if (fault) misbehave(response, fault);
    else answer();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;

  return {
    env: { OPEN_METEO_BASE_URL: url, OPEN_METEO_GEOCODING_URL: url, OPENWEATHER_BASE_URL: url },
    key: { OPENWEATHER_API_KEY: OPENWEATHER_KEY },
    requests,
    problems,
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

interface Endpoint {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly handle: Handler;
}

const ENDPOINTS: Readonly<Record<WeatherApiPath, Endpoint>> = {
  '/v1/search': {
    required: ['name'],
    optional: ['count', 'language', 'format', 'countryCode'],
    handle: openMeteoSearch,
  },
  '/v1/forecast': {
    required: ['latitude', 'longitude'],
    optional: [
      'current',
      'daily',
      'forecast_days',
      'timezone',
      'temperature_unit',
      'wind_speed_unit',
      'precipitation_unit',
    ],
    handle: openMeteoForecast,
  },
  '/geo/1.0/direct': { required: ['q', 'appid'], optional: ['limit'], handle: withKey(openWeatherDirect) },
  '/data/2.5/weather': {
    required: ['lat', 'lon', 'appid'],
    optional: ['units', 'lang'],
    handle: withKey(openWeatherCurrent),
  },
  '/data/2.5/forecast': {
    required: ['lat', 'lon', 'appid'],
    optional: ['units', 'lang'],
    handle: withKey(openWeatherForecast),
  },
};

function route(request: IncomingMessage, path: string, query: Query): Reply {
  const endpoint = Object.entries(ENDPOINTS).find(([known]) => known === path)?.[1];
  if (!endpoint) return unexpected('unknown path');
  if (request.method !== 'GET') return unexpected('only GET is documented');
  const missing = endpoint.required.filter((name) => (query[name] ?? '') === '');
  const known = new Set([...endpoint.required, ...endpoint.optional]);
  const unknown = Object.keys(query).filter((name) => !known.has(name));
  if (missing.length > 0 || unknown.length > 0) {
    return unexpected(`missing: ${missing.join() || 'none'}; unknown: ${unknown.join() || 'none'}`);
  }
  return endpoint.handle(query);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

function misbehave(response: ServerResponse, fault: Exclude<WeatherApiFault, { kind: 'delay' }>): void {
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      return void response.end(
        typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {}),
      );
    case 'text':
      return void response.writeHead(200, { 'content-type': 'text/html' }).end(fault.text);
    case 'oversize':
      return void response.writeHead(200).end(JSON.stringify({ padding: 'x'.repeat(1024 * 1024) }));
    case 'reset':
      return void response.socket?.resetAndDestroy();
    case 'cut':
      response.writeHead(200, { 'content-length': '1000' });
      return void response.write('{"results":[', () => response.socket?.destroy());
    default:
      fault satisfies never;
  }
}
