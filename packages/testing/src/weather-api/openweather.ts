import { CITIES, cityAt, fahrenheit, milesPerHour, shown } from './cities.ts';
import type { Query, ServiceReply } from '../web-service/reply.ts';
import { unexpected } from '../web-service/reply.ts';

export type Handler = (query: Query) => ServiceReply;

/** The one key that is accepted. */
export const OPENWEATHER_KEY = '0123456789abcdef0123456789abcdef';

export function withKey(handle: Handler): Handler {
  const message = 'Invalid API key. Please see https://openweathermap.org/faq#error401 for more info.';
  return (query) =>
    query['appid'] === OPENWEATHER_KEY ? handle(query) : { status: 401, body: { cod: 401, message } };
}

const lower = (text: string): string => text.toLowerCase();

/** As openweathermap.org/api/geocoding-api says: `{city},{state},{country}`, the state for the US alone. */
export function openWeatherDirect({ q = '', limit = '5' }: Query): ServiceReply {
  const [name = '', ...area] = q.split(',').map((part) => lower(part.trim()));
  const [state, country] = area.length > 1 ? area : [undefined, area[0]];
  if (Number(limit) < 1 || Number(limit) > 5) return unexpected('limit is 1 to 5');
  const states: Readonly<Record<string, string>> = { tx: 'texas' };
  const found = CITIES.filter((place) => {
    const isNamed = Object.values(place.names)
      .flat()
      .some((text) => lower(text) === name);
    const isThere = country === undefined || lower(place.countryCode) === country;
    return isNamed && isThere && (state === undefined || lower(shown(place.admin1, 'en')) === states[state]);
  });
  const body = found.slice(0, Number(limit)).map((place) => ({
    name: shown(place.names, 'en'),
    local_names: Object.fromEntries(
      Object.entries(place.names).map(([language, [first]]) => [language, first]),
    ),
    lat: place.latitude,
    lon: place.longitude,
    country: place.countryCode,
    state: shown(place.admin1, 'en'),
  }));
  return { status: 200, body };
}

/** As openweathermap.org/current says: metric wind is in m/s, rain always in mm. */
export function openWeatherCurrent(query: Query): ServiceReply {
  const place = cityAt(query['lat'], query['lon']);
  if (!place) return { status: 400, body: { cod: '400', message: 'Nothing to geocode' } };
  const isImperial = query['units'] === 'imperial';
  if (!isImperial && query['units'] !== 'metric') return unexpected('units are metric or imperial here');
  const degrees = (celsius: number): number =>
    isImperial ? fahrenheit(celsius) : Number(celsius.toFixed(1));
  const speed = (kmh: number): number => (isImperial ? milesPerHour(kmh) : Number((kmh / 3.6).toFixed(2)));
  const [temp, feels_like] = [degrees(place.celsius), degrees(place.celsius - 3)];
  const temperatures = { temp, feels_like, temp_min: degrees(place.celsius - 1), temp_max: temp };
  const dt = Date.UTC(2026, 1, 3, 12) / 1000;
  return {
    status: 200,
    body: {
      coord: { lon: place.longitude, lat: place.latitude },
      weather: [{ id: place.openWeatherId, main: 'Invented', description: 'invented', icon: '04d' }],
      base: 'stations',
      main: { ...temperatures, pressure: 1021, humidity: 61, sea_level: 1021, grnd_level: 1015 },
      visibility: 10_000,
      wind: { speed: speed(place.windKmh), deg: 315, gust: speed(place.windKmh * 2) },
      ...(place.rainMm > 0 && { rain: { '1h': place.rainMm } }),
      clouds: { all: 40 },
      dt,
      sys: { country: place.countryCode, sunrise: dt - 20_000, sunset: dt + 20_000 },
      timezone: place.offsetHours * 3600,
      id: place.id,
      name: shown(place.names, 'en'),
      cod: 200,
    },
  };
}

/** As openweathermap.org/forecast5 says: 40 steps of three hours, of which each is a tenth of a degree warmer. */
export function openWeatherForecast(query: Query): ServiceReply {
  const place = cityAt(query['lat'], query['lon']);
  if (!place) return { status: 400, body: { cod: '400', message: 'Nothing to geocode' } };
  const isImperial = query['units'] === 'imperial';
  const degrees = (celsius: number): number =>
    isImperial ? fahrenheit(celsius) : Number(celsius.toFixed(1));
  const speed = isImperial ? milesPerHour(place.windKmh) : Number((place.windKmh / 3.6).toFixed(2));
  const list = Array.from({ length: 40 }, (_, step) => ({
    dt: Date.UTC(2026, 1, 3, 12 + 3 * step) / 1000,
    main: { temp_min: degrees(place.celsius + step / 10 - 1), temp_max: degrees(place.celsius + step / 10) },
    weather: [{ id: step === 9 ? 601 : place.openWeatherId, icon: '04d' }],
    wind: { speed },
    pop: step === 9 ? 0.8 : 0.1,
    ...(step === 9 && { snow: { '3h': 1.5 } }),
  }));
  return { status: 200, body: { cod: '200', cnt: 40, list, city: { timezone: place.offsetHours * 3600 } } };
}
