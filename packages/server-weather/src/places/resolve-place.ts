import { ToolError } from '@patchbay/server-kit';
import type { Language, Place } from './place.ts';
import type { WeatherProvider } from '../weather-provider.ts';
import { countryName } from './countries.ts';
import type { PlaceQuery } from './place-query.ts';
import { isWithin, queryText, withCommaAdded } from './place-query.ts';
import { isNamed, rankPlaces } from './rank-places.ts';

/** Most other places of the same name that are told. */
const MAX_ALTERNATIVES = 4;

export interface ResolvedPlace {
  readonly place: Place;
  /** Other places of the same name, the most populous first. */
  readonly alternatives: readonly Place[];
}

/**
 * Finds the place that a query most likely means.
 *
 * @throws {ToolError} `PLACE_NOT_FOUND`, naming the closest places there are.
 */
export async function resolvePlace(provider: WeatherProvider, query: PlaceQuery): Promise<ResolvedPlace> {
  const [place, ...others] = await findPlaces(provider, query);
  if (!place) throw await notFound(provider, { query, found: [] });
  const alternatives = others.filter((other) => isNamed(other, query.name)).slice(0, MAX_ALTERNATIVES);
  return { place, alternatives };
}

/**
 * All places that a query may mean, the likeliest first; at least one.
 *
 * @throws {ToolError} `PLACE_NOT_FOUND`, naming the closest places there are.
 */
export async function findPlaces(provider: WeatherProvider, query: PlaceQuery): Promise<readonly Place[]> {
  const found = await provider.findPlaces(query);
  const fitting = found.filter((place) => query.qualifiers.every((qualifier) => isWithin(place, qualifier)));
  const places = distinct(rankPlaces(fitting, query.name), query.language);
  if (places.length > 0) return places;
  const divided = found.length === 0 ? withCommaAdded(query) : undefined;
  if (divided) return findPlaces(provider, divided);
  throw await notFound(provider, { query, found });
}

/** `Paris, Texas, United States`, as it can be asked for again. */
export function placeLabel(place: Place, language: Language): string {
  const country = place.countryCode === undefined ? undefined : countryName(place.countryCode, language);
  const parts = [place.name, place.regions[0], country].filter((part) => part !== undefined);
  return [...new Set(parts)].join(language === 'zh' ? '，' : ', ');
}

/** A city and the district of the same name are one answer. */
function distinct(places: readonly Place[], language: Language): readonly Place[] {
  const byLabel = new Map<string, Place>();
  for (const place of places) {
    const label = placeLabel(place, language);
    if (!byLabel.has(label)) byLabel.set(label, place);
  }
  return [...byLabel.values()];
}

async function notFound(
  provider: WeatherProvider,
  { query, found }: { query: PlaceQuery; found: readonly Place[] },
): Promise<ToolError> {
  const suggested = found.length > 0 ? found : await provider.suggestPlaces(query);
  const nearest = distinct(rankPlaces(suggested, query.name), query.language).slice(0, 3);
  const closest = nearest.map((place) => placeLabel(place, query.language)).join('; ');
  const hint =
    closest === ''
      ? 'Check the spelling, or give the English name, alone or as "city, country".'
      : `Closest: ${closest}. Ask again with one of these, or as "city, country".`;
  return new ToolError(
    'PLACE_NOT_FOUND',
    `${provider.service.name} knows no place called "${queryText(query)}"`,
    {
      hint,
    },
  );
}
