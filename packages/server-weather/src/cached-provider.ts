import { PromiseCache } from '@patchbay/server-kit';
import type { Place } from './places/place.ts';
import type { CurrentWeather, DayForecast, WeatherProvider } from './weather-provider.ts';

/** Places move slowly: a found one is kept for a day. */
const PLACES_TTL_MS = 24 * 60 * 60 * 1000;

const MAX_ENTRIES = 500;

/** The same provider, which asks the service for one thing only once at a time and once in `ttlS` seconds. */
export function cachedProvider(provider: WeatherProvider, { ttlS }: { ttlS: number }): WeatherProvider {
  const ttlMs = ttlS * 1000;
  const places = new PromiseCache<readonly Place[]>({
    // Who switches the cache off means all of it.
    ttlMs: ttlMs === 0 ? 0 : PLACES_TTL_MS,
    maxEntries: MAX_ENTRIES,
  });
  const current = new PromiseCache<CurrentWeather>({ ttlMs, maxEntries: MAX_ENTRIES });
  const days = new PromiseCache<readonly DayForecast[]>({ ttlMs, maxEntries: MAX_ENTRIES });
  return {
    ...provider,
    findPlaces: (query) => places.get(`find ${JSON.stringify(query)}`, () => provider.findPlaces(query)),
    suggestPlaces: (query) =>
      places.get(`suggest ${JSON.stringify(query)}`, () => provider.suggestPlaces(query)),
    currentWeather: (place, units) =>
      current.get(`${place.latitude} ${place.longitude} ${units}`, () =>
        provider.currentWeather(place, units),
      ),
    forecast: (place, units) =>
      days.get(`${place.latitude} ${place.longitude} ${units}`, () => provider.forecast(place, units)),
  };
}
