import type { Upstream } from '@patchbay/server-kit/http-client';
import type { Place } from './places/place.ts';
import type { PlaceQuery } from './places/place-query.ts';

/** metric: °C, km/h, mm; imperial: °F, mph, inches. */
export type Units = 'metric' | 'imperial';
/** Weather at one place, in the units that were asked for. */
export interface CurrentWeather {
  /** ISO 8601 in the place's own time, with its offset. */
  readonly observedAt: string;
  readonly temperature: number;
  readonly feelsLike: number;
  /** Relative, in percent. */
  readonly humidity: number;
  /** At sea level, in hPa whatever the units. */
  readonly pressureHpa: number;
  readonly windSpeed: number;
  /** Where the wind comes from, in degrees from north; absent when it is calm. */
  readonly windDirectionDeg: number | undefined;
  readonly windGust: number | undefined;
  /** Sum of rain and snow over the last {@link precipitationMinutes}. */
  readonly precipitation: number;
  readonly precipitationMinutes: number;
  /** In percent. */
  readonly cloudCover: number;
  /** WMO code table 4677, from every provider: see conditions.ts. */
  readonly conditionCode: number;
  readonly isDay: boolean;
}

/** The weather of one day, at the place. Units are those of {@link CurrentWeather}. */
export interface DayForecast {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly conditionCode: number;
  readonly temperatureMax: number;
  readonly temperatureMin: number;
  readonly precipitation: number;
  /** Percent; absent where the service does not say. */
  readonly precipitationProbability: number | undefined;
  readonly windSpeedMax: number;
  /** Local times with their offset; absent where there is none, as near the poles. */
  readonly sunrise: string | undefined;
  readonly sunset: string | undefined;
}

/**
 * One weather service. Its methods throw coded `ToolError`s. They take no signal, because their work is cached and
 * shared between callers: a caller stops waiting, the work ends by the HTTP client's own time limit.
 */
export interface WeatherProvider extends AsyncDisposable {
  readonly id: 'open-meteo' | 'openweather';
  /** As shown to people: `Open-Meteo`. */
  /** What errors say of it. */
  readonly service: Upstream;
  /** What the service's licence asks to be shown with its data. */
  readonly attribution: string;
  /**
   * Places that may be meant, in the provider's order; empty when there is none. The query's qualifiers are a help to
   * the search: the caller still has to check them.
   */
  findPlaces(query: PlaceQuery): Promise<readonly Place[]>;
  /** Places for "did you mean", when nothing was found. */
  suggestPlaces(query: PlaceQuery): Promise<readonly Place[]>;
  currentWeather(place: Place, units: Units): Promise<CurrentWeather>;
  /** Most days that {@link forecast} tells. */
  readonly maxDays: number;
  /** The coming days from today on, at most {@link maxDays}. */
  forecast(place: Place, units: Units): Promise<readonly DayForecast[]>;
}
