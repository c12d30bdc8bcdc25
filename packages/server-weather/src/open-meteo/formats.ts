import * as z from 'zod';
import { oneLine } from '@patchbay/server-kit';

// Only what is used is checked, so that a field more or less elsewhere breaks nothing.
// Source: open-meteo.com/en/docs and open-meteo.com/en/docs/geocoding-api.

export interface FoundPlace {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  /** GeoNames feature code. */
  readonly feature_code?: string | null;
  readonly country_code?: string | null;
  readonly timezone?: string | null;
  readonly population?: number | null;
  readonly admin1?: string | null;
  readonly admin2?: string | null;
  readonly admin3?: string | null;
  readonly admin4?: string | null;
}

const name = z.string().transform((text) => oneLine(text));

const foundPlace = z.object({
  name,
  latitude: z.number(),
  longitude: z.number(),
  feature_code: z.string().nullish(),
  country_code: z.string().nullish(),
  timezone: z.string().nullish(),
  population: z.number().nullish(),
  admin1: name.nullish(),
  admin2: name.nullish(),
  admin3: name.nullish(),
  admin4: name.nullish(),
});

/** `GET /v1/search`. Without a match there is no `results`. */
export const searchSchema: z.ZodType<{ readonly results: readonly FoundPlace[] }> = z.object({
  results: z.array(foundPlace).default([]),
});

/** The `current` variables that {@link currentSchema} reads, as the request names them. */
export const CURRENT_VARIABLES: readonly (keyof CurrentBody['current'])[] = [
  'temperature_2m',
  'apparent_temperature',
  'relative_humidity_2m',
  'is_day',
  'precipitation',
  'weather_code',
  'cloud_cover',
  'pressure_msl',
  'wind_speed_10m',
  'wind_direction_10m',
  'wind_gusts_10m',
];

export interface CurrentBody {
  readonly utc_offset_seconds: number;
  readonly current: {
    /** Local time to the minute, without its offset. */
    readonly time: string;
    /** Seconds that sums such as the precipitation are over. */
    readonly interval: number;
    readonly temperature_2m: number;
    readonly apparent_temperature: number;
    readonly relative_humidity_2m: number;
    readonly is_day: number;
    readonly precipitation: number;
    readonly weather_code: number;
    readonly cloud_cover: number;
    readonly pressure_msl: number;
    readonly wind_speed_10m: number;
    readonly wind_direction_10m?: number | null;
    readonly wind_gusts_10m?: number | null;
  };
}

/** `GET /v1/forecast` with `current`. */
export const currentSchema: z.ZodType<CurrentBody> = z.object({
  utc_offset_seconds: z.number().min(-86_400).max(86_400),
  current: z.object({
    time: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/u),
    interval: z.number().default(900),
    temperature_2m: z.number(),
    apparent_temperature: z.number(),
    relative_humidity_2m: z.number(),
    is_day: z.number(),
    precipitation: z.number(),
    weather_code: z.number().int(),
    cloud_cover: z.number(),
    pressure_msl: z.number(),
    wind_speed_10m: z.number(),
    wind_direction_10m: z.number().nullish(),
    wind_gusts_10m: z.number().nullish(),
  }),
});

/** The `daily` variables that {@link dailySchema} reads, as the request names them. */
export const DAILY_VARIABLES = [
  'weather_code',
  'temperature_2m_max',
  'temperature_2m_min',
  'precipitation_sum',
  'precipitation_probability_max',
  'wind_speed_10m_max',
  'sunrise',
  'sunset',
] as const;

export interface DailyBody {
  readonly utc_offset_seconds: number;
  /** A list a variable, an item a day; null where the model does not reach. */
  readonly daily: {
    readonly time: readonly string[];
    readonly weather_code: readonly (number | null)[];
    readonly temperature_2m_max: readonly (number | null)[];
    readonly temperature_2m_min: readonly (number | null)[];
    readonly precipitation_sum: readonly (number | null)[];
    readonly precipitation_probability_max?: readonly (number | null)[] | null;
    readonly wind_speed_10m_max: readonly (number | null)[];
    readonly sunrise: readonly (string | null)[];
    readonly sunset: readonly (string | null)[];
  };
}

const numbers = z.array(z.number().nullable());
const times = z.array(
  z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/u)
    .nullable(),
);

/** `GET /v1/forecast` with `daily`. */
export const dailySchema: z.ZodType<DailyBody> = z.object({
  utc_offset_seconds: z.number().min(-86_400).max(86_400),
  daily: z.object({
    time: z.array(z.iso.date()),
    weather_code: numbers,
    temperature_2m_max: numbers,
    temperature_2m_min: numbers,
    precipitation_sum: numbers,
    precipitation_probability_max: numbers.nullish(),
    wind_speed_10m_max: numbers,
    sunrise: times,
    sunset: times,
  }),
});
