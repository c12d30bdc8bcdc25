import { redacting } from '../redact.ts';
import type { WeatherApi } from '../weather-api.ts';
import { weatherUpstream } from '../weather-api.ts';
import { localTime } from '../local-time.ts';
import type { PlaceQuery } from '../places/place-query.ts';
import { isNamed } from '../places/rank-places.ts';
import type { Language, Place } from '../places/place.ts';
import type { CurrentWeather, Units, WeatherProvider } from '../weather-provider.ts';
import { wmoCode } from './condition-code.ts';
import type { CurrentBody, FoundPlace } from './formats.ts';
import { toForecast } from './forecast.ts';
import { currentSchema, directSchema, forecastSchema } from './formats.ts';
import { toPrecipitation, toSpeed } from './units.ts';

export interface OpenWeatherOptions {
  readonly api: WeatherApi;
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** Most places that the geocoder gives. */
const MAX_PLACES = 5;

/** Days of its free forecast, today's rest among them. */
const MAX_DAYS = 5;

/** OpenWeather: needs a key. Its geocoder knows no population, so its own order decides between places of one name. */
export function createOpenWeather({ api, baseUrl, apiKey }: OpenWeatherOptions): WeatherProvider {
  const service = weatherUpstream({
    name: 'OpenWeather',
    keyHint:
      'Check OPENWEATHER_API_KEY; a new key can take two hours to work. Without one, Open-Meteo is used, which needs none.',
    redact: redacting(apiKey),
  });

  function urlOf(path: string, parameters: Record<string, string>): URL {
    const query = new URLSearchParams({ ...parameters, appid: apiKey });
    return new URL(`${baseUrl}${path}?${query.toString()}`);
  }

  async function search(name: string, { language }: PlaceQuery): Promise<readonly Place[]> {
    const url = urlOf('/geo/1.0/direct', { q: name, limit: String(MAX_PLACES) });
    const found = await api.getJson(url, { schema: directSchema, service });
    return found.map((place) => toPlace(place, language));
  }

  return {
    id: 'openweather',
    service,
    attribution: 'Weather data provided by OpenWeather (openweathermap.org)',

    async findPlaces(query) {
      const found = await Promise.all(geocoderNames(query).map((name) => search(name, query)));
      // It fills up its list with districts and lookalikes, in the order of its own score.
      return found.flat().toSorted((a, b) => Number(isNamed(b, query.name)) - Number(isNamed(a, query.name)));
    },

    suggestPlaces: async (query) => (query.qualifiers.length === 0 ? [] : search(query.name, query)),

    async currentWeather(place, units) {
      const position = { lat: String(place.latitude), lon: String(place.longitude) };
      const url = urlOf('/data/2.5/weather', { ...position, units });
      return toCurrentWeather(await api.getJson(url, { schema: currentSchema, service }), units);
    },

    maxDays: MAX_DAYS,
    async forecast(place, units) {
      const position = { lat: String(place.latitude), lon: String(place.longitude) };
      const url = urlOf('/data/2.5/forecast', { ...position, units });
      return toForecast(await api.getJson(url, { schema: forecastSchema, service }), units);
    },

    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

/**
 * `Paris,TX,US` and `Paris,FR`, the forms that the geocoder takes: one for each reading of the qualifiers, since `CA`
 * may be a state and a country. Regions elsewhere are left to the caller.
 */
function geocoderNames({ name, qualifiers }: PlaceQuery): readonly string[] {
  const states = qualifiers.flatMap(({ usState }) => (usState ? [`${name},${usState.code},US`] : []));
  const countries = qualifiers.flatMap(({ countryCode }) => {
    const isSaidByState = countryCode === 'US' && states.length > 0;
    return countryCode === undefined || isSaidByState ? [] : [`${name},${countryCode}`];
  });
  const names = [...states, ...countries];
  return names.length > 0 ? names : [name];
}

function toPlace(found: FoundPlace, language: Language): Place {
  const names = Object.values(found.local_names ?? {});
  return {
    name: found.local_names?.[language] ?? found.name,
    aliases: [found.name, ...names],
    countryCode: found.country?.toUpperCase(),
    regions: found.state === undefined || found.state === null ? [] : [found.state],
    latitude: found.lat,
    longitude: found.lon,
    timezone: undefined,
    population: undefined,
    isSettlement: true,
  };
}

function toCurrentWeather(body: CurrentBody, units: Units): CurrentWeather {
  const [condition] = body.weather;
  const millimetres = (body.rain?.['1h'] ?? 0) + (body.snow?.['1h'] ?? 0);
  const { gust } = body.wind;
  return {
    observedAt: localTime(body.dt, body.timezone),
    temperature: body.main.temp,
    feelsLike: body.main.feels_like,
    humidity: body.main.humidity,
    pressureHpa: body.main.pressure,
    windSpeed: toSpeed(body.wind.speed, units),
    windDirectionDeg: body.wind.deg ?? undefined,
    windGust: typeof gust === 'number' ? toSpeed(gust, units) : undefined,
    precipitation: toPrecipitation(millimetres, units),
    precipitationMinutes: 60,
    cloudCover: body.clouds.all,
    conditionCode: wmoCode(condition?.id ?? 800),
    isDay: condition?.icon.endsWith('d') ?? true,
  };
}
