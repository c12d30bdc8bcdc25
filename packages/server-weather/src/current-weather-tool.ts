import type { ToolAnswer, ToolContext } from '@patchbay/server-kit';
import { addTool, READ_ONLY_WEB } from '@patchbay/server-kit';
import { answerWithin } from '@patchbay/server-kit/http-client';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { conditionText } from './conditions.ts';
import { describe, toPlaceOutput, UNIT_NAMES } from './describe.ts';
import type { ResolvedPlace } from './places/resolve-place.ts';
import { resolvePlace } from './places/resolve-place.ts';
import type { Language } from './places/place.ts';
import type { WeatherToolOptions } from './weather-tools.ts';
import { placeOutput, readAsked, weatherInput } from './weather-tools.ts';
import type { CurrentWeather, Units, WeatherProvider } from './weather-provider.ts';

const outputSchema = z.object({
  place: placeOutput,
  observed_at: z.string().describe('ISO 8601 in the local time of the place'),
  temperature: z.number(),
  feels_like: z.number(),
  humidity: z.number().describe('Percent'),
  pressure_hpa: z.number().describe('At sea level'),
  wind: z.object({
    speed: z.number(),
    direction_deg: z.number().optional().describe('Where it comes from; 0 is north, 90 east'),
    gust: z.number().optional(),
  }),
  precipitation: z.number().describe('Rain and snow of the last precipitation_minutes'),
  precipitation_minutes: z.number(),
  cloud_cover: z.number().describe('Percent'),
  condition: z.object({ code: z.number().describe('WMO code table 4677'), text: z.string() }),
  is_day: z.boolean(),
  units: z.object({ temperature: z.string(), wind_speed: z.string(), precipitation: z.string() }),
  provider: z.string(),
  attribution: z.string().describe('To be shown with the data'),
  alternatives: z.array(placeOutput).max(4).describe('Other places of the same name'),
});

type Input = z.infer<typeof weatherInput>;
type Output = z.infer<typeof outputSchema>;

/** Offers `get_current_weather`. */
export function addCurrentWeather(server: McpServer, options: WeatherToolOptions): void {
  addTool(server, {
    name: 'get_current_weather',
    title: 'Current weather',
    description:
      'Tells the weather in a city now: temperature, wind, humidity, precipitation, clouds and a condition in words. ' +
      'Of several cities with one name it takes the largest and lists up to 4 others; add a state or country to ' +
      'choose. get_forecast tells the coming days. Show the attribution with the data.',
    input: weatherInput,
    output: outputSchema,
    hints: READ_ONLY_WEB,
    run: (input, context) => answer(input, context, options),
  });
}

async function answer(
  input: Input,
  { signal }: Pick<ToolContext, 'signal'>,
  { provider, timeoutMs, ...defaults }: WeatherToolOptions,
): Promise<ToolAnswer<Output>> {
  const { language, units, query } = readAsked(input, defaults);
  const work = resolvePlace(provider, query).then(async (resolved) => {
    return { resolved, weather: await provider.currentWeather(resolved.place, units) };
  });
  const report = await answerWithin(work, { signal, timeoutMs, upstream: provider.service });
  return {
    structured: toOutput(report, { provider, units, language }),
    text: describe({ ...report, units, attribution: provider.attribution }, language),
  };
}

function toOutput(
  { resolved, weather }: { resolved: ResolvedPlace; weather: CurrentWeather },
  { provider, units, language }: { provider: WeatherProvider; units: Units; language: Language },
): Output {
  return {
    place: toPlaceOutput(resolved.place, language),
    observed_at: weather.observedAt,
    temperature: weather.temperature,
    feels_like: weather.feelsLike,
    humidity: weather.humidity,
    pressure_hpa: weather.pressureHpa,
    wind: {
      speed: weather.windSpeed,
      ...(weather.windDirectionDeg !== undefined && { direction_deg: weather.windDirectionDeg }),
      ...(weather.windGust !== undefined && { gust: weather.windGust }),
    },
    precipitation: weather.precipitation,
    precipitation_minutes: weather.precipitationMinutes,
    cloud_cover: weather.cloudCover,
    condition: { code: weather.conditionCode, text: conditionText(weather.conditionCode, language) },
    is_day: weather.isDay,
    units: { ...UNIT_NAMES[units] },
    provider: provider.id,
    attribution: provider.attribution,
    alternatives: resolved.alternatives.map((place) => toPlaceOutput(place, language)),
  };
}
