import { Arithmetic } from '../arithmetic.ts';
import { MathError } from '../errors.ts';
import type { Value } from '../number.ts';
import { formatRounded, parseDecimal } from '../number.ts';
import type { Unit } from './find-unit.ts';

/**
 * The same quantity in another unit, exact where decimals can be.
 *
 * @throws {MathError} `INCOMPATIBLE_UNITS` for units of different dimensions; `OUT_OF_RANGE` below absolute zero.
 */
export function convert(value: Value, { from, to, digits }: { from: Unit; to: Unit; digits: number }): Value {
  if (from.dimension !== to.dimension) {
    throw new MathError(
      'INCOMPATIBLE_UNITS',
      `"${from.symbol}" is a unit of ${from.dimension} and "${to.symbol}" one of ${to.dimension}`,
      { hint: 'Convert between units of one kind.' },
    );
  }
  const math = new Arithmetic(digits);
  const shifted = from.offset === undefined ? value : math.add(value, exact(from.offset));
  if (from.dimension === 'temperature' && shifted.decimal.lt(0)) throw belowZero(value, from, digits);
  const [over, under] = [factorOf(math, from), factorOf(math, to)];
  const scaled = math.multiply(math.multiply(shifted, over.over), under.under);
  // One division at the end: a factor such as 5/9 on the way would not be exact.
  const quotient = math.divide(scaled, math.multiply(over.under, under.over));
  const result = math.multiply(quotient, exact(`1e${from.ten - to.ten}`));
  return to.offset === undefined ? result : math.add(result, math.negate(exact(to.offset)));
}

function belowZero(value: Value, { symbol, offset = '0' }: Unit, digits: number): MathError {
  const zero = offset === '0' ? offset : `-${offset}`;
  return new MathError(
    'OUT_OF_RANGE',
    `${formatRounded(value.decimal, digits)} ${symbol} is below absolute zero, ${zero} ${symbol}`,
    { hint: 'Differences of temperatures are multiplied instead: 1 K is 1 °C and 1.8 °F.' },
  );
}

function factorOf(math: Arithmetic, { factor }: Unit): { readonly over: Value; readonly under: Value } {
  const [over = '1', under = '1'] = factor.split('/');
  return { over: exact(over), under: under === 'pi' ? math.rounded(math.Rounded.acos(-1)) : exact(under) };
}

function exact(text: string): Value {
  return { decimal: parseDecimal(text), isExact: true };
}
