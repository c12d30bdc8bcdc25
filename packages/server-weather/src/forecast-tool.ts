import type { ToolAnswer, ToolContext } from '@patchbay/server-kit';
import { addTool, READ_ONLY_WEB } from '@patchbay/server-kit';
import { answerWithin } from '@patchbay/server-kit/http-client';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { conditionText } from './conditions.ts';
import { toPlaceOutput, UNIT_NAMES } from './describe.ts';
import type { Language } from './places/place.ts';
import { placeLabel, resolvePlace } from './places/resolve-place.ts';
import type { DayForecast, Units } from './weather-provider.ts';
import type { WeatherToolOptions } from './weather-tools.ts';
import { placeOutput, readAsked, weatherInput } from './weather-tools.ts';

const MAX_DAYS = 16;
const DEFAULT_DAYS = 5;

const inputSchema = weatherInput.extend({
  days: z.int().min(1).max(MAX_DAYS).default(DEFAULT_DAYS).describe('How many days, from today on'),
});

const outputSchema = z.object({
  place: placeOutput,
  days: z.array(
    z.object({
      date: z.string().describe('At the place'),
      condition: z.object({ code: z.number().describe('WMO code table 4677'), text: z.string() }),
      temperature_max: z.number(),
      temperature_min: z.number(),
      precipitation: z.number(),
      precipitation_probability: z.number().optional().describe('Percent'),
      wind_speed_max: z.number(),
      sunrise: z.string().optional(),
      sunset: z.string().optional(),
    }),
  ),
  units: z.object({ temperature: z.string(), wind_speed: z.string(), precipitation: z.string() }),
  provider: z.string(),
  attribution: z.string().describe('To be shown with the data'),
  alternatives: z.array(placeOutput).max(4).describe('Other places of the same name'),
});

type Output = z.infer<typeof outputSchema>;

/** Offers `get_forecast`. */
export function addForecast(server: McpServer, options: WeatherToolOptions): void {
  const { maxDays } = options.provider;
  addTool(server, {
    name: 'get_forecast',
    title: 'Weather forecast',
    description:
      `Tells the weather in a city day by day, for up to ${maxDays} days from today on: condition, highest and lowest ` +
      'temperature, precipitation and its probability, wind. Cities are chosen as in get_current_weather. Show the ' +
      'attribution with the data.',
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY_WEB,
    run: (input, context) => answer(input, context, options),
  });
}

async function answer(
  { days: count, ...input }: z.infer<typeof inputSchema>,
  { signal }: ToolContext,
  { provider, timeoutMs, ...defaults }: WeatherToolOptions,
): Promise<ToolAnswer<Output>> {
  const { language, units, query } = readAsked(input, defaults);
  const work = resolvePlace(provider, query).then(async (resolved) => {
    return { ...resolved, days: await provider.forecast(resolved.place, units) };
  });
  const { place, alternatives, days } = await answerWithin(work, {
    signal,
    timeoutMs,
    upstream: provider.service,
  });
  const shown = days.slice(0, count);
  const structured: Output = {
    place: toPlaceOutput(place, language),
    days: shown.map((day) => toDay(day, language)),
    units: { ...UNIT_NAMES[units] },
    provider: provider.id,
    attribution: provider.attribution,
    alternatives: alternatives.map((other) => toPlaceOutput(other, language)),
  };
  const lines = shown.map((day) => describeDay(day, units, language));
  const less = shown.length < count ? [`(${provider.service.name} tells ${shown.length} days.)`] : [];
  const text = [placeLabel(place, language), ...lines, ...less, provider.attribution].join('\n');
  return { structured, text };
}

function toDay(day: DayForecast, language: Language): Output['days'][number] {
  const { precipitationProbability: chance, sunrise, sunset } = day;
  return {
    date: day.date,
    condition: { code: day.conditionCode, text: conditionText(day.conditionCode, language) },
    temperature_max: day.temperatureMax,
    temperature_min: day.temperatureMin,
    precipitation: day.precipitation,
    ...(chance !== undefined && { precipitation_probability: chance }),
    wind_speed_max: day.windSpeedMax,
    ...(sunrise !== undefined && { sunrise }),
    ...(sunset !== undefined && { sunset }),
  };
}

function describeDay(day: DayForecast, units: Units, language: Language): string {
  const unit = UNIT_NAMES[units];
  const { precipitationProbability: chance } = day;
  const condition = conditionText(day.conditionCode, language);
  const range = `${day.temperatureMin} – ${day.temperatureMax} ${unit.temperature}`;
  const fall = `${day.precipitation} ${unit.precipitation}${chance === undefined ? '' : ` (${chance} %)`}`;
  const wind = `${day.windSpeedMax} ${unit.wind_speed}`;
  return language === 'zh'
    ? `${day.date}：${condition}，${range}，降水 ${fall}，最大风速 ${wind}`
    : `${day.date}: ${condition}, ${range}, precipitation ${fall}, wind up to ${wind}`;
}
