import type { McpServer } from '@modelcontextprotocol/server';
import { addTool, READ_ONLY } from '@patchbay/server-kit';
import * as z from 'zod';
import { DEFAULT_PRECISION } from '../expression/evaluate.ts';
import type { Value } from '../number.ts';
import { formatValue, parseNumber } from '../number.ts';
import type { Measure } from '../statistics.ts';
import { measureOf, MEASURES, quantile, toSample } from '../statistics.ts';
import { listedNumber } from './number-input.ts';

const MAX_VALUES = 10_000;
const MAX_QUANTILES = 20;
/** Most modes that are told. */
const MAX_MODES = 20;

const inputSchema = z.object({
  values: z
    .array(listedNumber())
    .min(1)
    .max(MAX_VALUES)
    .describe('The numbers, as JSON or as text where every digit counts'),
  measures: z
    .array(z.enum(MEASURES))
    .min(1)
    .max(MEASURES.length)
    .optional()
    .describe('What to compute; when absent all, but deviations only of two numbers or more'),
  quantiles: z
    .array(z.number().min(0).max(1))
    .max(MAX_QUANTILES)
    .default([])
    .describe('Further quantiles, each from 0 to 1: 0.9 is the value below which 90 % lie'),
});

const outputSchema = z.object({
  results: z.array(
    z.object({
      measure: z.string().describe('Name, or "quantile 0.9"'),
      values: z.array(z.string()).describe('One as decimal text; of mode all, or none when no number recurs'),
      exact: z.boolean().describe('False when the true value was rounded'),
    }),
  ),
});

/** Offers `statistics`. */
export function addStatistics(server: McpServer): void {
  addTool(server, {
    name: 'statistics',
    title: 'Statistics',
    description:
      `Describes up to ${MAX_VALUES} numbers: count, sum, mean, median, mode, min, max, range, quartiles, standard ` +
      'deviation and variance (of a sample, or population_…). Exact where decimals can be, else to ' +
      `${DEFAULT_PRECISION} digits. Quantiles interpolate between neighbours, as NumPy and Excel do.`,
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    run({ values, measures, quantiles }) {
      const sample = toSample(values.map(parseNumber), DEFAULT_PRECISION);
      const results = [
        ...(measures ?? defaultMeasures(values.length)).map((measure) =>
          toResult(measure, measureOf(sample, measure).slice(0, MAX_MODES)),
        ),
        ...quantiles.map((p) => toResult(`quantile ${p}`, [quantile(sample, p)])),
      ];
      const lines = results.map(({ measure, values: found }) => `${measure}: ${found.join(', ') || 'none'}`);
      return { structured: { results }, text: lines.join('\n') };
    },
  });
}

function defaultMeasures(count: number): readonly Measure[] {
  return MEASURES.filter((measure) => count > 1 || (measure !== 'stdev' && measure !== 'variance'));
}

function toResult(
  measure: string,
  values: readonly Value[],
): { measure: string; values: string[]; exact: boolean } {
  return {
    measure,
    values: values.map((value) => formatValue(value, DEFAULT_PRECISION)),
    exact: values.every(({ isExact }) => isExact),
  };
}
