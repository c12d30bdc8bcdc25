import type { McpServer } from '@modelcontextprotocol/server';
import { addTool, READ_ONLY } from '@patchbay/server-kit';
import * as z from 'zod';
import { calculate } from '../expression/evaluate.ts';
import type { Value } from '../number.ts';
import { parseNumber } from '../number.ts';
import { numberInput, resultOutput } from './number-input.ts';

const MAX_VARIABLES = 50;

const MAX_EXPRESSION_LENGTH = 2000;

/** Series to more digits take a noticeable time. */
const MAX_PRECISION = 100;

const inputSchema = z.object({
  expression: z
    .string()
    .min(1)
    .max(MAX_EXPRESSION_LENGTH)
    .describe('For example "2 * (3 + 4) ^ 2" or "round(100 / 7, 2)"'),
  precision: z
    .int()
    .min(1)
    .max(MAX_PRECISION)
    .optional()
    .describe('Round the result to this many significant digits'),
  variables: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z_0-9]{0,39}$/u), numberInput('Its value'))
    .refine((named) => Object.keys(named).length <= MAX_VARIABLES, `at most ${MAX_VARIABLES} variables`)
    .default({})
    .describe('Numbers that the expression names, for example {"price": "19.99"}'),
});

export function addCalculate(server: McpServer): void {
  addTool(server, {
    name: 'calculate',
    title: 'Calculate',
    description:
      'Evaluates an arithmetic expression exactly where decimals can, otherwise to 30 digits. Operators: + - * / ^ ' +
      '(or **), ! and %: the remainder between two operands (10 % 3), a percent sign elsewhere (50% is 0.5). ' +
      'Constants: pi e tau. Functions: sqrt abs sign round(x, places) floor ceil trunc min max sum mean hypot pow ' +
      'gcd lcm factorial ln log(x, base; 10 if absent) log10 log2 exp sin cos tan asin acos atan. Angles are in ' +
      'radians. -2^2 is -4. Write every *, and no thousands separators.',
    input: inputSchema,
    output: resultOutput,
    hints: READ_ONLY,
    run({ expression, precision, variables: named }) {
      const numbers = Object.entries(named).map(([name, number]) => [name, parseNumber(number)]);
      const variables: Record<string, Value> = Object.fromEntries(numbers);
      const { result, isExact } = calculate(expression, { precision, variables });
      return { structured: { result, exact: isExact }, text: result };
    },
  });
}
