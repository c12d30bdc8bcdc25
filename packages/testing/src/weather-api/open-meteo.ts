import type { City } from './cities.ts';
import { CITIES, cityAt, fahrenheit, milesPerHour, shown } from './cities.ts';
import type { Query, ServiceReply } from '../web-service/reply.ts';
import { unexpected } from '../web-service/reply.ts';

/**
 * As open-meteo.com/en/docs/geocoding-api says: one letter finds nothing, two find whole names, three and more the
 * beginnings of names. Names match in the language of the request and in English.
 */
export function openMeteoSearch(query: Query): ServiceReply {
  const { name = '', count = '10', language = 'en', countryCode } = query;
  if (!(Number(count) >= 1 && Number(count) <= 100)) {
    return { status: 400, body: { error: true, reason: 'Parameter count must be between 1 and 100.' } };
  }
  const wanted = name.toLowerCase();
  const found = CITIES.filter(({ names, ...place }) => {
    const known = [...(names[language] ?? []), shown(names, 'en')].map((text) => text.toLowerCase());
    if (countryCode !== undefined && place.countryCode !== countryCode) return false;
    return known.some((text) =>
      wanted.length > 2 ? text.startsWith(wanted) : wanted.length === 2 && text === wanted,
    );
  });
  const results = found
    .toSorted((a, b) => b.population - a.population)
    .slice(0, Number(count))
    .map((place) => ({
      id: place.id,
      name: shown(place.names, language),
      latitude: place.latitude,
      longitude: place.longitude,
      elevation: 40,
      feature_code: 'PPLC',
      country_code: place.countryCode,
      admin1_id: place.id + 1000,
      timezone: place.timezone,
      population: place.population,
      postcodes: ['00000'],
      country_id: place.id + 2000,
      country: new Intl.DisplayNames([language], { type: 'region' }).of(place.countryCode),
      admin1: shown(place.admin1, language),
    }));
  return { status: 200, body: { ...(results.length > 0 && { results }), generationtime_ms: 0.5 } };
}

/** As open-meteo.com/en/docs says. The time is always 2026-02-03T12:00 UTC. */
export function openMeteoForecast(query: Query): ServiceReply {
  const place = cityAt(query['latitude'], query['longitude']);
  if (!place) return unexpected('no city there');
  const isF = query['temperature_unit'] === 'fahrenheit';
  const isMph = query['wind_speed_unit'] === 'mph';
  const isInch = query['precipitation_unit'] === 'inch';
  const degrees = (celsius: number): number => (isF ? fahrenheit(celsius) : Number(celsius.toFixed(1)));
  const speed = (kmh: number): number => (isMph ? milesPerHour(kmh) : kmh);
  const values: Readonly<Record<string, readonly [value: number, unit: string]>> = {
    temperature_2m: [degrees(place.celsius), isF ? '°F' : '°C'],
    apparent_temperature: [degrees(place.celsius - 3), isF ? '°F' : '°C'],
    relative_humidity_2m: [61, '%'],
    is_day: [place.offsetHours === 8 ? 0 : 1, ''],
    precipitation: [isInch ? Number((place.rainMm / 25.4).toFixed(3)) : place.rainMm, isInch ? 'inch' : 'mm'],
    weather_code: [place.wmoCode, 'wmo code'],
    cloud_cover: [40, '%'],
    pressure_msl: [1021.5, 'hPa'],
    wind_speed_10m: [speed(place.windKmh), isMph ? 'mp/h' : 'km/h'],
    wind_direction_10m: [315, '°'],
    wind_gusts_10m: [speed(place.windKmh * 2), isMph ? 'mp/h' : 'km/h'],
  };
  if (query['daily'] !== undefined) return openMeteoDaily(query, place, { degrees, speed, isInch });
  if (query['current'] === undefined) return unexpected('neither current nor daily');
  const asked = query['current'].split(',');
  const wrong = asked.find((name) => !(name in values));
  if (wrong !== undefined) return unexpected(`unknown variable ${wrong}`);
  const local = new Date(Date.UTC(2026, 1, 3, 12 + place.offsetHours)).toISOString().slice(0, 16);
  return {
    status: 200,
    body: {
      latitude: place.latitude,
      longitude: place.longitude,
      generationtime_ms: 0.05,
      utc_offset_seconds: place.offsetHours * 3600,
      timezone: place.timezone,
      timezone_abbreviation: 'GMT',
      elevation: 40,
      current_units: {
        time: 'iso8601',
        interval: 'seconds',
        ...Object.fromEntries(asked.map((name) => [name, values[name]?.[1]])),
      },
      current: {
        time: local,
        interval: 900,
        ...Object.fromEntries(asked.map((name) => [name, values[name]?.[0]])),
      },
    },
  };
}

interface Scales {
  readonly degrees: (celsius: number) => number;
  readonly speed: (kmh: number) => number;
  readonly isInch: boolean;
}

/** Each day a degree warmer; from the second on it rains. The last day has no values, as at the end of a model. */
function openMeteoDaily(query: Query, place: City, { degrees, speed, isInch }: Scales): ServiceReply {
  const count = Number(query['forecast_days'] ?? 7);
  if (!(count >= 1 && count <= 16)) {
    return { status: 400, body: { error: true, reason: 'Forecast days is invalid. Allowed range 0 to 16.' } };
  }
  const days = Array.from({ length: count }, (_, day) => day);
  const rain = (day: number): number => (isInch ? Number(((day * 2) / 25.4).toFixed(3)) : day * 2);
  const values: Readonly<Record<string, (day: number) => number | string>> = {
    weather_code: (day) => (day === 0 ? place.wmoCode : 61),
    temperature_2m_max: (day) => degrees(place.celsius + day),
    temperature_2m_min: (day) => degrees(place.celsius + day - 6),
    precipitation_sum: rain,
    precipitation_probability_max: (day) => day * 5,
    wind_speed_10m_max: () => speed(place.windKmh * 2),
    sunrise: (day) => `${dateOf(day)}T07:20`,
    sunset: (day) => `${dateOf(day)}T17:40`,
  };
  const asked = (query['daily'] ?? '').split(',');
  const wrong = asked.find((name) => !(name in values));
  if (wrong !== undefined) return unexpected(`unknown variable ${wrong}`);
  const column = (name: string): unknown[] =>
    days.map((day) => (day === 15 ? null : (values[name]?.(day) ?? null)));
  const { latitude, longitude, timezone, offsetHours } = place;
  return {
    status: 200,
    body: {
      latitude,
      longitude,
      timezone,
      utc_offset_seconds: offsetHours * 3600,
      daily: { time: days.map(dateOf), ...Object.fromEntries(asked.map((name) => [name, column(name)])) },
    },
  };
}

function dateOf(day: number): string {
  return new Date(Date.UTC(2026, 1, 3 + day)).toISOString().slice(0, 10);
}
