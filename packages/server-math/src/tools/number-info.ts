import type { McpServer } from '@modelcontextprotocol/server';
import { addTool, READ_ONLY } from '@patchbay/server-kit';
import * as z from 'zod';
import { Arithmetic } from '../arithmetic.ts';
import { DEFAULT_PRECISION } from '../expression/evaluate.ts';
import { gcd, lcm } from '../expression/integers.ts';
import { factorize } from '../factors.ts';
import { formatFraction, toFraction } from '../fraction.ts';
import { formatExact, parseNumber } from '../number.ts';
import { listedNumber, numberInput } from './number-input.ts';

/** Longest whole number whose factors are looked for, in digits. */
const MAX_FACTORED_DIGITS = 100;
/** Longest fraction that is told, in characters. */
const MAX_FRACTION_LENGTH = 1000;
const MAX_OTHERS = 50;

const outputSchema = z.object({
  digits: z.int().describe('Significant digits'),
  is_whole: z.boolean(),
  fraction: z.string().optional().describe('In lowest terms; absent when it is very long'),
  is_prime: z.boolean().optional().describe('Absent for what is no whole number from 2 on, or is too long'),
  factors: z
    .array(z.object({ prime: z.string(), exponent: z.int() }))
    .optional()
    .describe('Prime factors in order'),
  unfactored: z.string().optional().describe('A composite factor whose own factors take too long to find'),
  divisor_count: z
    .int()
    .optional()
    .describe('How many numbers divide it; absent when not all factors are known'),
  gcd: z.string().optional().describe('Greatest common divisor with the others'),
  lcm: z.string().optional().describe('Least common multiple with the others'),
});

type Info = z.infer<typeof outputSchema>;

const inputSchema = z.object({
  number: numberInput('The number'),
  others: z.array(listedNumber()).max(MAX_OTHERS).default([]).describe('Whole numbers for gcd and lcm'),
});

/** Offers `number_info`. */
export function addNumberInfo(server: McpServer): void {
  addTool(server, {
    name: 'number_info',
    title: 'Facts about a number',
    description:
      'Tells whether a number is whole and prime, its prime factors and how many divisors it has, it as a fraction ' +
      `in lowest terms, and with others its greatest common divisor and least common multiple. Factors of numbers of ` +
      `up to ${MAX_FACTORED_DIGITS} digits, as far as they can be found in a moment: all but those that are long themselves.`,
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    run({ number, others }) {
      const value = parseNumber(number);
      const math = new Arithmetic(DEFAULT_PRECISION);
      const { decimal } = value;
      const all = [value, ...others.map(parseNumber)];
      const text = formatFraction(toFraction(decimal));
      const info: Info = {
        digits: decimal.precision(),
        is_whole: decimal.isInteger(),
        ...(text.length <= MAX_FRACTION_LENGTH && { fraction: text }),
        ...(decimal.isInteger() && decimal.gt(1) && decimal.e < MAX_FACTORED_DIGITS
          ? factorInfo(BigInt(decimal.toFixed()))
          : {}),
        ...(others.length > 0 && {
          gcd: formatExact(gcd(math, all).decimal),
          lcm: formatExact(lcm(math, all).decimal),
        }),
      };
      return { structured: info, text: describe(info) };
    },
  });
}

function factorInfo(number: bigint): Partial<Info> {
  const { primes, rest } = factorize(number);
  const isWhole = rest === 1n;
  const count = primes.reduce((product, { exponent }) => product * (exponent + 1), 1);
  return {
    is_prime: isWhole && primes.length === 1 && primes[0]?.exponent === 1,
    factors: primes.map(({ prime, exponent }) => ({ prime: String(prime), exponent })),
    ...(isWhole ? { divisor_count: count } : { unfactored: String(rest) }),
  };
}

function describe({ digits, is_whole: isWhole, fraction, is_prime: isPrime, ...info }: Info): string {
  const { factors = [], unfactored, divisor_count: divisors, gcd: common, lcm: multiple } = info;
  const product = [
    ...factors.map(({ prime, exponent }) => (exponent === 1 ? prime : `${prime}^${exponent}`)),
    ...(unfactored === undefined ? [] : [`(${unfactored}, not prime)`]),
  ].join(' × ');
  return [
    `${isWhole ? 'a whole number' : 'not a whole number'} of ${digits} significant digit${digits === 1 ? '' : 's'}`,
    ...(isWhole || fraction === undefined ? [] : [`fraction: ${fraction}`]),
    ...(isPrime === undefined ? [] : [isPrime ? 'prime' : `factors: ${product}`]),
    ...(divisors === undefined ? [] : [`divisors: ${divisors}`]),
    ...(common === undefined ? [] : [`gcd: ${common}`]),
    ...(multiple === undefined ? [] : [`lcm: ${multiple}`]),
  ].join('\n');
}
