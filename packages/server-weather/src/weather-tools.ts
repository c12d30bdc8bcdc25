import * as z from 'zod';
import type { PlaceQuery } from './places/place-query.ts';
import { readPlaceQuery } from './places/place-query.ts';
import type { Language } from './places/place.ts';
import type { Units, WeatherProvider } from './weather-provider.ts';

export interface WeatherToolOptions {
  readonly provider: WeatherProvider;
  /** Used when a call names none. */
  readonly units: Units;
  /** Used when a call names none and its city is not in Chinese. */
  readonly language: Language;
  /** For one call, all its requests together. */
  readonly timeoutMs: number;
}

/** What the tools about a city's weather take. */
export const weatherInput: z.ZodObject<{
  city: z.ZodString;
  country: z.ZodOptional<z.ZodString>;
  units: z.ZodOptional<z.ZodEnum<{ metric: 'metric'; imperial: 'imperial' }>>;
  lang: z.ZodOptional<z.ZodEnum<{ en: 'en'; zh: 'zh' }>>;
}> = z.object({
  city: z
    .string()
    .min(1)
    .max(100)
    .describe(
      'City in any language, alone or with a state or country: "北京", "München", "Paris, France", "Paris, TX"',
    ),
  country: z
    .string()
    .max(60)
    .optional()
    .describe('Country that the city is in, as a name or two-letter code'),
  units: z
    .enum(['metric', 'imperial'])
    .optional()
    .describe('metric: °C, km/h, mm; imperial: °F, mph, in. Default: the setting of the server'),
  lang: z
    .enum(['en', 'zh'])
    .optional()
    .describe('Language of the text. Default: Chinese for a city in Chinese, else the setting of the server'),
});

/** A place as it stands in a result. */
export const placeOutput: z.ZodObject<{
  name: z.ZodString;
  country: z.ZodString;
  country_code: z.ZodOptional<z.ZodString>;
  admin1: z.ZodOptional<z.ZodString>;
  latitude: z.ZodNumber;
  longitude: z.ZodNumber;
  timezone: z.ZodOptional<z.ZodString>;
}> = z.object({
  name: z.string(),
  country: z.string().describe('Name in the language of the answer; empty when unknown'),
  country_code: z.string().optional().describe('ISO 3166-1 alpha-2'),
  admin1: z.string().optional().describe('State or province'),
  latitude: z.number(),
  longitude: z.number(),
  timezone: z.string().optional().describe('IANA name'),
});

/** What a call asks for, with what it leaves to the settings. */
export function readAsked(
  input: z.infer<typeof weatherInput>,
  defaults: Pick<WeatherToolOptions, 'units' | 'language'>,
): { readonly language: Language; readonly units: Units; readonly query: PlaceQuery } {
  const language = input.lang ?? (/\p{sc=Han}/u.test(input.city) ? 'zh' : defaults.language);
  const query = readPlaceQuery(input.city, { country: input.country, language });
  return { language, units: input.units ?? defaults.units, query };
}
