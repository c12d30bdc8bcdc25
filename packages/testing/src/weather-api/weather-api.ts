import type { PlayedService, ServiceRequest } from '../web-service/play-service.ts';
import { playService } from '../web-service/play-service.ts';
import type { ServiceReply } from '../web-service/reply.ts';
import { unexpected } from '../web-service/reply.ts';
import type { ServiceFault } from '../web-service/service-fault.ts';
import { openMeteoForecast, openMeteoSearch } from './open-meteo.ts';
import type { Handler } from './openweather.ts';
import {
  OPENWEATHER_KEY,
  openWeatherCurrent,
  openWeatherDirect,
  openWeatherForecast,
  withKey,
} from './openweather.ts';

export interface WeatherApi extends Pick<PlayedService, 'requests' | 'problems'>, AsyncDisposable {
  /** What points server-weather at this server; it then uses Open-Meteo. Add {@link key} to use OpenWeather. */
  readonly env: Readonly<Record<string, string>>;
  /** `OPENWEATHER_API_KEY` with the one key that is accepted. */
  readonly key: Readonly<Record<'OPENWEATHER_API_KEY', string>>;
  /** The next requests to `path` get these faults, one each, in order. */
  fault(path: WeatherApiPath, ...faults: readonly ServiceFault[]): void;
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
  const service = await playService(route);
  const { url, requests, problems } = service;
  return {
    env: { OPEN_METEO_BASE_URL: url, OPEN_METEO_GEOCODING_URL: url, OPENWEATHER_BASE_URL: url },
    key: { OPENWEATHER_API_KEY: OPENWEATHER_KEY },
    requests,
    problems,
    fault: (path, ...faults) => service.fault(path, ...faults),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
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

function route({ path, query }: ServiceRequest): ServiceReply {
  const endpoint = Object.entries(ENDPOINTS).find(([known]) => known === path)?.[1];
  if (!endpoint) return unexpected('unknown path');
  const missing = endpoint.required.filter((name) => (query[name] ?? '') === '');
  const known = new Set([...endpoint.required, ...endpoint.optional]);
  const unknown = Object.keys(query).filter((name) => !known.has(name));
  if (missing.length > 0 || unknown.length > 0) {
    return unexpected(`missing: ${missing.join() || 'none'}; unknown: ${unknown.join() || 'none'}`);
  }
  return endpoint.handle(query);
}
