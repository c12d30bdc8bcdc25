import { addTool, READ_ONLY_WEB } from '@patchbay/server-kit';
import { answerWithin } from '@patchbay/server-kit/http-client';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { toPlaceOutput } from './describe.ts';
import { findPlaces, placeLabel } from './places/resolve-place.ts';
import type { WeatherToolOptions } from './weather-tools.ts';
import { placeOutput, readAsked, weatherInput } from './weather-tools.ts';

const MAX_PLACES = 20;
const DEFAULT_PLACES = 5;

const foundPlace = placeOutput.extend({
  population: z.number().optional(),
  ask_as: z.string().describe('The city for get_current_weather and get_forecast'),
});

const inputSchema = z.object({
  city: weatherInput.shape.city,
  country: weatherInput.shape.country,
  lang: weatherInput.shape.lang,
  count: z.int().min(1).max(MAX_PLACES).default(DEFAULT_PLACES).describe('Most places to list'),
});

const outputSchema = z.object({ places: z.array(foundPlace), provider: z.string(), attribution: z.string() });

/** Offers `find_place`. */
export function addFindPlace(server: McpServer, options: WeatherToolOptions): void {
  const { provider, timeoutMs } = options;
  addTool(server, {
    name: 'find_place',
    title: 'Find a place',
    description:
      'Lists the places that a name may mean, in any language, the likeliest first, with their country, state, position ' +
      'and time zone. For a city whose weather is wanted get_current_weather finds it by itself.',
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY_WEB,
    async run({ count, ...input }, { signal }) {
      const { language, query } = readAsked(input, options);
      const found = await answerWithin(findPlaces(provider, query), {
        signal,
        timeoutMs,
        upstream: provider.service,
      });
      const places = found.slice(0, count).map((place) => ({
        ...toPlaceOutput(place, language),
        ...(place.population !== undefined && { population: place.population }),
        ask_as: placeLabel(place, language),
      }));
      const lines = places.map(
        ({ ask_as: label, latitude, longitude }) => `${label} (${latitude}, ${longitude})`,
      );
      return {
        structured: { places, provider: provider.id, attribution: provider.attribution },
        text: [...lines, provider.attribution].join('\n'),
      };
    },
  });
}
