import * as z from 'zod';
import { oneLine } from '@patchbay/server-kit';

// Only what is used is checked, so that a field more or less elsewhere breaks nothing.
// Source: openweathermap.org/api/geocoding-api, openweathermap.org/current and openweathermap.org/forecast5.

export interface FoundPlace {
  readonly name: string;
  /** By ISO 639 code, besides a few keys that are no language. */
  readonly local_names?: Readonly<Record<string, string>> | null;
  readonly lat: number;
  readonly lon: number;
  readonly country?: string | null;
  readonly state?: string | null;
}

export interface CurrentBody {
  readonly weather: readonly { readonly id: number; readonly icon: string }[];
  readonly main: {
    readonly temp: number;
    readonly feels_like: number;
    readonly pressure: number;
    readonly humidity: number;
  };
  readonly wind: { readonly speed: number; readonly deg?: number | null; readonly gust?: number | null };
  readonly rain?: LastHour | null;
  readonly snow?: LastHour | null;
  readonly clouds: { readonly all: number };
  /** Seconds since the epoch. */
  readonly dt: number;
  /** Seconds east of UTC. */
  readonly timezone: number;
}

/** Millimetres; the object may be there and empty. */
interface LastHour {
  readonly '1h'?: number | undefined;
}

const name = z.string().transform((text) => oneLine(text));

/** `GET /geo/1.0/direct`. An empty list means no match. */
export const directSchema: z.ZodType<readonly FoundPlace[]> = z.array(
  z.object({
    name,
    local_names: z.record(z.string(), name).nullish(),
    lat: z.number(),
    lon: z.number(),
    country: z.string().nullish(),
    state: name.nullish(),
  }),
);

const lastHour = z.object({ '1h': z.number().optional() }).nullish();

/** `GET /data/2.5/weather`. */
export const currentSchema: z.ZodType<CurrentBody> = z.object({
  weather: z.array(z.object({ id: z.number().int(), icon: z.string() })).min(1),
  main: z.object({ temp: z.number(), feels_like: z.number(), pressure: z.number(), humidity: z.number() }),
  wind: z.object({ speed: z.number(), deg: z.number().nullish(), gust: z.number().nullish() }),
  rain: lastHour,
  snow: lastHour,
  clouds: z.object({ all: z.number() }),
  dt: z.number().int().min(0).max(8_000_000_000),
  timezone: z.number().min(-86_400).max(86_400),
});

export interface ForecastBody {
  readonly list: readonly {
    /** Seconds since the epoch. */
    readonly dt: number;
    readonly main: { readonly temp_min: number; readonly temp_max: number };
    readonly weather: readonly { readonly id: number }[];
    readonly wind: { readonly speed: number };
    /** 0 to 1. */
    readonly pop?: number | undefined;
    readonly rain?: { readonly '3h'?: number | undefined } | null;
    readonly snow?: { readonly '3h'?: number | undefined } | null;
  }[];
  readonly city: { readonly timezone: number };
}

const threeHours = z.object({ '3h': z.number().optional() }).nullish();

/** `GET /data/2.5/forecast`: 5 days in steps of three hours. */
export const forecastSchema: z.ZodType<ForecastBody> = z.object({
  list: z.array(
    z.object({
      dt: z.number().int().min(0).max(8_000_000_000),
      main: z.object({ temp_min: z.number(), temp_max: z.number() }),
      weather: z.array(z.object({ id: z.number().int() })).min(1),
      wind: z.object({ speed: z.number() }),
      pop: z.number().optional(),
      rain: threeHours,
      snow: threeHours,
    }),
  ),
  city: z.object({ timezone: z.number().min(-86_400).max(86_400) }),
});
