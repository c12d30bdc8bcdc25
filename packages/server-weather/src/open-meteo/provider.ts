import type { Upstream } from '@patchbay/server-kit/http-client';
import type { WeatherApi } from '../weather-api.ts';
import { weatherUpstream } from '../weather-api.ts';
import { utcOffset } from '../local-time.ts';
import type { PlaceQuery } from '../places/place-query.ts';
import { isWithin } from '../places/place-query.ts';
import { isNamed } from '../places/rank-places.ts';
import type { Place } from '../places/place.ts';
import type { CurrentWeather, DayForecast, Units, WeatherProvider } from '../weather-provider.ts';
import type { CurrentBody, DailyBody, FoundPlace } from './formats.ts';
import { CURRENT_VARIABLES, currentSchema, DAILY_VARIABLES, dailySchema, searchSchema } from './formats.ts';
import type { Search } from './searches.ts';
import { searchesFor } from './searches.ts';

export interface OpenMeteoOptions {
  readonly api: WeatherApi;
  readonly forecastUrl: string;
  readonly geocodingUrl: string;
}

/** From this many inhabitants on, a place is taken for the one that is meant without asking in other languages. */
const SIZEABLE = 100_000;

/** Source: open-meteo.com/en/docs. */
const MAX_DAYS = 16;

const service: Upstream = weatherUpstream({
  name: 'Open-Meteo',
  keyHint:
    'Open-Meteo needs no key: OPEN_METEO_BASE_URL or OPEN_METEO_GEOCODING_URL leads to something else.',
});

const UNIT_PARAMETERS: Readonly<Record<Units, Readonly<Record<string, string>>>> = {
  metric: { temperature_unit: 'celsius', wind_speed_unit: 'kmh', precipitation_unit: 'mm' },
  imperial: { temperature_unit: 'fahrenheit', wind_speed_unit: 'mph', precipitation_unit: 'inch' },
};

/** Open-Meteo: no key, free for non-commercial use. */
export function createOpenMeteo({ api, forecastUrl, geocodingUrl }: OpenMeteoOptions): WeatherProvider {
  async function search({ name, language }: Search, count: number): Promise<readonly Place[]> {
    const parameters = new URLSearchParams({ name, language, count: String(count), format: 'json' });
    const url = new URL(`${geocodingUrl}/v1/search?${parameters.toString()}`);
    const { results } = await api.getJson(url, { schema: searchSchema, service });
    return results.map(toPlace);
  }

  return {
    id: 'open-meteo',
    service,
    attribution: 'Weather data by Open-Meteo.com (CC BY 4.0)',

    async findPlaces(query) {
      const { first, further } = searchesFor(query);
      const found = await search(first, 100);
      if (found.some((place) => isSettled(place, query))) return found;
      const more = await Promise.all(further.map((other) => search(other, 100)));
      return distinct([found, ...more].flat());
    },

    async suggestPlaces(query) {
      // The geocoder finds names by their beginning, and a typing error is rarely there.
      const { first } = searchesFor(query);
      const letters = Array.from(first.name);
      const start = letters.slice(0, Math.ceil((letters.length * 2) / 3)).join('');
      const found = start.length < 3 ? [] : await search({ ...first, name: start }, 10);
      return found.toSorted((a, b) => (b.population ?? 0) - (a.population ?? 0));
    },

    async currentWeather(place, units) {
      const parameters = new URLSearchParams({
        latitude: String(place.latitude),
        longitude: String(place.longitude),
        current: CURRENT_VARIABLES.join(','),
        timezone: 'auto',
        ...UNIT_PARAMETERS[units],
      });
      const url = new URL(`${forecastUrl}/v1/forecast?${parameters.toString()}`);
      return toCurrentWeather(await api.getJson(url, { schema: currentSchema, service }));
    },

    maxDays: MAX_DAYS,
    async forecast(place, units) {
      const parameters = new URLSearchParams({
        latitude: String(place.latitude),
        longitude: String(place.longitude),
        daily: DAILY_VARIABLES.join(','),
        forecast_days: String(MAX_DAYS),
        timezone: 'auto',
        ...UNIT_PARAMETERS[units],
      });
      const url = new URL(`${forecastUrl}/v1/forecast?${parameters.toString()}`);
      return toForecast(await api.getJson(url, { schema: dailySchema, service }));
    },

    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

function isSettled(place: Place, query: PlaceQuery): boolean {
  if (!isNamed(place, query.name)) return false;
  if (query.qualifiers.length === 0) return (place.population ?? 0) >= SIZEABLE;
  return query.qualifiers.every((qualifier) => isWithin(place, qualifier));
}

/** The same place comes under other names in each language: those of the first are shown, the others match too. */
function distinct(places: readonly Place[]): readonly Place[] {
  const byPosition = new Map<string, Place>();
  for (const place of places) {
    const key = `${place.latitude} ${place.longitude}`;
    const known = byPosition.get(key);
    const merged = known && {
      ...known,
      aliases: [...known.aliases, place.name],
      regions: [...known.regions, ...place.regions],
    };
    byPosition.set(key, merged ?? place);
  }
  return [...byPosition.values()];
}

function toPlace(found: FoundPlace): Place {
  const { admin1, admin2, admin3, admin4 } = found;
  return {
    name: found.name,
    aliases: [],
    countryCode: found.country_code?.toUpperCase(),
    regions: [admin1, admin2, admin3, admin4].flatMap((area) => (area ? [area] : [])),
    latitude: found.latitude,
    longitude: found.longitude,
    timezone: found.timezone ?? undefined,
    population: found.population ?? undefined,
    // GeoNames feature codes: PPL, PPLC, PPLA… are populated places.
    isSettlement: found.feature_code?.startsWith('PPL') ?? true,
  };
}

function toCurrentWeather({ current, utc_offset_seconds: offset }: CurrentBody): CurrentWeather {
  return {
    observedAt: `${current.time}:00${utcOffset(offset)}`,
    temperature: current.temperature_2m,
    feelsLike: current.apparent_temperature,
    humidity: current.relative_humidity_2m,
    pressureHpa: current.pressure_msl,
    windSpeed: current.wind_speed_10m,
    windDirectionDeg: current.wind_direction_10m ?? undefined,
    windGust: current.wind_gusts_10m ?? undefined,
    precipitation: current.precipitation,
    precipitationMinutes: current.interval / 60,
    cloudCover: current.cloud_cover,
    conditionCode: current.weather_code,
    isDay: current.is_day === 1,
  };
}

/** Days that the model does not reach are left out. */
function toForecast({ daily, utc_offset_seconds: offset }: DailyBody): readonly DayForecast[] {
  const local = (time: string | null | undefined): string | undefined =>
    typeof time === 'string' ? `${time}:00${utcOffset(offset)}` : undefined;
  return daily.time.flatMap((date, day) => {
    const [conditionCode, temperatureMax, temperatureMin, precipitation, windSpeedMax] = [
      daily.weather_code[day],
      daily.temperature_2m_max[day],
      daily.temperature_2m_min[day],
      daily.precipitation_sum[day],
      daily.wind_speed_10m_max[day],
    ];
    if (typeof conditionCode !== 'number' || typeof temperatureMax !== 'number') return [];
    if (typeof temperatureMin !== 'number' || typeof precipitation !== 'number') return [];
    if (typeof windSpeedMax !== 'number') return [];
    return [
      {
        date,
        conditionCode,
        temperatureMax,
        temperatureMin,
        precipitation,
        precipitationProbability: daily.precipitation_probability_max?.[day] ?? undefined,
        windSpeedMax,
        sunrise: local(daily.sunrise[day]),
        sunset: local(daily.sunset[day]),
      },
    ];
  });
}
