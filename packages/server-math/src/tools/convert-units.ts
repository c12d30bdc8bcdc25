import type { McpServer } from '@modelcontextprotocol/server';
import { addTool, READ_ONLY } from '@patchbay/server-kit';
import * as z from 'zod';
import { DEFAULT_PRECISION } from '../expression/evaluate.ts';
import { formatValue, parseNumber } from '../number.ts';
import { convert } from '../units/convert.ts';
import { findUnit } from '../units/find-unit.ts';
import { UNIT_TABLE } from '../units/unit-table.ts';
import { numberInput } from './number-input.ts';

const MAX_UNIT_LENGTH = 60;

const unit = z.string().min(1).max(MAX_UNIT_LENGTH);

const inputSchema = z.object({
  value: numberInput('How much'),
  from: unit.describe('Its unit: "km/h", "°F", "GiB", "square feet"'),
  to: unit.describe('The unit to convert to'),
});

const outputSchema = z.object({
  result: z.string().describe('Decimal text'),
  unit: z.string(),
  exact: z.boolean().describe('False when the result was rounded'),
});

/** Offers `convert_units`, and the units it knows as `math://units`. */
export function addConvertUnits(server: McpServer): void {
  addTool(server, {
    name: 'convert_units',
    title: 'Convert units',
    description:
      `Converts between units of ${Object.keys(UNIT_TABLE).join(', ')}, by their exact definitions: 1 mi is 1.609344 km. ` +
      'Takes symbols and English names, with SI prefixes (km, microseconds) and binary ones (MiB). Capitals count ' +
      'where they have to: MB is megabytes, Mb megabits. gal, pt and oz are those of the USA.',
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    run(input) {
      const [from, to] = [findUnit(input.from), findUnit(input.to)];
      const value = convert(parseNumber(input.value), { from, to, digits: DEFAULT_PRECISION });
      const result = formatValue(value, DEFAULT_PRECISION);
      return {
        structured: { result, unit: to.symbol, exact: value.isExact },
        text: `${result} ${to.symbol}`,
      };
    },
  });
  const about = { title: 'Units', description: 'What convert_units knows', mimeType: 'text/plain' };
  server.registerResource('units', 'math://units', about, ({ href: uri }) => ({
    contents: [{ uri, mimeType: 'text/plain', text: listUnits() }],
  }));
}

function listUnits(): string {
  const lines = Object.entries(UNIT_TABLE).map(([dimension, rows]) => {
    const units = rows.map(
      ({ names, prefixed }) => `${names.join(' = ')}${prefixed ? ' (with prefixes)' : ''}`,
    );
    return `${dimension}: ${units.join(', ')}`;
  });
  return lines.join('\n');
}
