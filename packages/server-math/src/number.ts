import { Decimal } from 'decimal.js';
import { MathError } from './errors.ts';

/** Longest number that is read, and largest magnitude of a result, in decimal digits on either side of the point. */
export const MAX_DIGITS = 10_000;

/**
 * Decimals whose sums, differences and products are never rounded: two of {@link MAX_DIGITS} on both sides of the
 * point have a product of at most four times as many. Not for quotients and roots, which need not end.
 */
export const ExactDecimal: typeof Decimal = Decimal.clone({ defaults: true, precision: 4 * MAX_DIGITS + 10 });

/** A number, and whether it is the true value or that value rounded. */
export interface Value {
  readonly decimal: Decimal;
  readonly isExact: boolean;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?$/i;

/** A double holds every number of this many significant digits; longer ones may have been rounded in the JSON. */
const JSON_DIGITS = 15;

/**
 * Reads a number that came as JSON, as a double or as decimal text.
 *
 * @throws {MathError} `INVALID_NUMBER` for other text and for an integer that a double may have changed on its way,
 * `OUT_OF_RANGE` for one with more than {@link MAX_DIGITS} digits.
 */
export function parseNumber(input: number | string): Value {
  if (typeof input === 'string')
    return { decimal: parseDecimal(input.trim().replace('−', '-')), isExact: true };
  if (Number.isInteger(input) && !Number.isSafeInteger(input)) {
    throw new MathError('INVALID_NUMBER', `${input} is too long for a JSON number and may have lost digits`, {
      hint: 'Send it as a string, for example "12345678901234567890".',
    });
  }
  const decimal = new ExactDecimal(input);
  return { decimal, isExact: Number.isInteger(input) || decimal.precision() <= JSON_DIGITS };
}

/** Reads decimal text: digits, a point, and an exponent such as `e-3`. Throws as {@link parseNumber} does. */
export function parseDecimal(text: string): Decimal {
  const match = NUMBER.exec(text);
  if (!match) {
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    throw new MathError('INVALID_NUMBER', `"${shown}" is not a decimal number`, {
      hint: 'Write digits with an optional point and exponent, such as "-12.5" or "1e-3", without separators.',
    });
  }
  const exponent = Math.abs(Number(match[1] ?? 0));
  const decimal = exponent > MAX_DIGITS ? undefined : new ExactDecimal(text);
  if (decimal === undefined || !isWritable(decimal)) {
    throw new MathError(
      'OUT_OF_RANGE',
      `A number has more than ${MAX_DIGITS} digits on one side of its point`,
    );
  }
  return decimal;
}

/** Whether the number can be written within {@link MAX_DIGITS} on either side of its point. */
export function isWritable(decimal: Decimal): boolean {
  return decimal.e < MAX_DIGITS && decimal.decimalPlaces() <= MAX_DIGITS;
}

/** Beyond this many zeros after the point, a small number is easier to read with an exponent. */
const MAX_LEADING_ZEROS = 30;

/** Writes a number without an exponent, unless it is tiny. The text is never rounded. */
export function formatExact(decimal: Decimal): string {
  return decimal.e < -MAX_LEADING_ZEROS ? decimal.toExponential() : decimal.toFixed();
}

/** Rounds to `digits` significant ones; an exponent stands in for digits that are not known. */
export function formatRounded(decimal: Decimal, digits: number): string {
  const rounded = decimal.toSignificantDigits(digits);
  return rounded.e >= digits ? rounded.toExponential() : formatExact(rounded);
}

/** Writes an exact value in full, and another one to `digits` significant digits. */
export function formatValue({ decimal, isExact }: Value, digits: number): string {
  return isExact ? formatExact(decimal) : formatRounded(decimal, digits);
}
