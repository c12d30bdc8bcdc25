import { localTime } from '../local-time.ts';
import type { DayForecast, Units } from '../weather-provider.ts';
import { wmoCode } from './condition-code.ts';
import type { ForecastBody } from './formats.ts';
import { roundTo, toPrecipitation, toSpeed } from './units.ts';

type Step = ForecastBody['list'][number];

/** Days out of steps of three hours, each day as far as the steps reach. The condition is that of the worst step. */
export function toForecast({ list, city }: ForecastBody, units: Units): readonly DayForecast[] {
  const days = Map.groupBy(list, ({ dt }) => localTime(dt, city.timezone).slice(0, 'YYYY-MM-DD'.length));
  return [...days].map(([date, steps]) => toDay(date, steps, units));
}

function toDay(date: string, steps: readonly Step[], units: Units): DayForecast {
  const fallen = steps.reduce((sum, { rain, snow }) => sum + (rain?.['3h'] ?? 0) + (snow?.['3h'] ?? 0), 0);
  const chances = steps.flatMap(({ pop }) => pop ?? []);
  return {
    date,
    // WMO codes grow with what falls.
    conditionCode: Math.max(...steps.map(({ weather }) => wmoCode(weather[0]?.id ?? 800))),
    temperatureMax: Math.max(...steps.map(({ main }) => main.temp_max)),
    temperatureMin: Math.min(...steps.map(({ main }) => main.temp_min)),
    precipitation: toPrecipitation(fallen, units),
    precipitationProbability: chances.length === 0 ? undefined : roundTo(100 * Math.max(...chances), 0),
    windSpeedMax: toSpeed(Math.max(...steps.map(({ wind }) => wind.speed)), units),
    sunrise: undefined,
    sunset: undefined,
  };
}
