import type { McpServer } from '@modelcontextprotocol/server';
import { addTool, READ_ONLY } from '@patchbay/server-kit';
import * as z from 'zod';
import { Arithmetic } from '../arithmetic.ts';
import { DEFAULT_PRECISION } from '../expression/evaluate.ts';
import type { Value } from '../number.ts';
import { ExactDecimal, formatValue, parseNumber } from '../number.ts';
import { numberInput, resultOutput } from './number-input.ts';

const NUMBERS =
  'Takes JSON numbers, or strings for numbers of more than 15 digits (up to 10000 digits on each side of the point).';

interface Operation {
  readonly name: string;
  readonly title: string;
  readonly does: string;
  readonly input: z.ZodObject<{ a: ReturnType<typeof numberInput>; b: ReturnType<typeof numberInput> }>;
  readonly of: (a: Value, b: Value) => Value;
}

function operands(a: string, b: string): Operation['input'] {
  return z.object({ a: numberInput(a), b: numberInput(b) });
}

/** Sums, differences and products are written in full, however long they are. */
function exactly(work: (a: Value['decimal'], b: Value['decimal']) => Value['decimal']): Operation['of'] {
  return (a, b) => ({
    decimal: work(new ExactDecimal(a.decimal), new ExactDecimal(b.decimal)),
    isExact: a.isExact && b.isExact,
  });
}

const OPERATIONS: readonly Operation[] = [
  {
    name: 'add',
    title: 'Add',
    does: 'Adds two numbers exactly, in decimal: 0.1 + 0.2 is 0.3.',
    input: operands('First number', 'Second number'),
    of: exactly((a, b) => a.plus(b)),
  },
  {
    name: 'subtract',
    title: 'Subtract',
    does: 'Subtracts b from a exactly, in decimal: 0.3 - 0.1 is 0.2.',
    input: operands('What to subtract from', 'What to subtract'),
    of: exactly((a, b) => a.minus(b)),
  },
  {
    name: 'multiply',
    title: 'Multiply',
    does: 'Multiplies two numbers exactly, in decimal: 0.1 × 0.2 is 0.02.',
    input: operands('First number', 'Second number'),
    of: exactly((a, b) => a.times(b)),
  },
  {
    name: 'divide',
    title: 'Divide',
    does: `Divides a by b: exactly where the quotient ends (1 / 8 is 0.125), else to ${DEFAULT_PRECISION} digits.`,
    input: operands('What is divided', 'What it is divided by; not 0'),
    of: (a, b) => new Arithmetic(DEFAULT_PRECISION).divide(a, b),
  },
];

/** Offers `add`, `subtract`, `multiply` and `divide`. */
export function addOperations(server: McpServer): void {
  for (const { name, title, does, input, of } of OPERATIONS) {
    addTool(server, {
      name,
      title,
      description: `${does} ${NUMBERS}`,
      input,
      output: resultOutput,
      hints: READ_ONLY,
      run({ a, b }) {
        const value = of(parseNumber(a), parseNumber(b));
        const result = formatValue(value, DEFAULT_PRECISION);
        return { structured: { result, exact: value.isExact }, text: result };
      },
    });
  }
}
