import { Decimal } from 'decimal.js';
import { MathError } from './errors.ts';
import type { Value } from './number.ts';
import { ExactDecimal, isWritable, MAX_DIGITS } from './number.ts';
import { WorkLimit } from './work-limit.ts';

/** Digits kept beyond those asked for, so that rounding errors of the steps stay out of the answer. */
export const GUARD_DIGITS = 20;

export interface ArithmeticOptions {
  /** Default {@link GUARD_DIGITS}. */
  readonly guardDigits?: number;
  /** What bounds it together with others. Default: a limit of its own. */
  readonly work?: WorkLimit;
}

/** Rounding errors of this many last digits are taken for nothing when a difference is formed. */
const NOISE_DIGITS = 5;

/**
 * The four operations, remainder and square root over {@link Value}. Exact as long as the result can be written;
 * from there on rounded to the digits asked for and the guard digits. One instance serves one calculation and
 * bounds its work.
 */
export class Arithmetic {
  /** Digits of a rounded result that can be relied on. */
  readonly digits: number;
  /** Decimals rounded to `digits` and the guard digits. */
  readonly Rounded: typeof Decimal;
  readonly work: WorkLimit;
  readonly #guardDigits: number;

  constructor(
    digits: number,
    { guardDigits = GUARD_DIGITS, work = new WorkLimit() }: ArithmeticOptions = {},
  ) {
    this.digits = digits;
    this.work = work;
    this.#guardDigits = guardDigits;
    this.Rounded = Decimal.clone({ defaults: true, precision: digits + guardDigits });
  }

  add(a: Value, b: Value): Value {
    const sum = new ExactDecimal(a.decimal).plus(b.decimal);
    const inexact = [a, b].filter((value) => !value.isExact).map(({ decimal }) => decimal.abs());
    if (inexact.length === 0) return this.exactIfWritable(sum);
    return this.rounded(this.withoutNoise(sum, ExactDecimal.max(...inexact)));
  }

  negate({ decimal, isExact }: Value): Value {
    return { decimal: decimal.neg(), isExact };
  }

  multiply(a: Value, b: Value): Value {
    this.work.chargeProduct(a.decimal.precision(), b.decimal.precision());
    const product = new ExactDecimal(a.decimal).times(b.decimal);
    return a.isExact && b.isExact ? this.exactIfWritable(product) : this.rounded(product);
  }

  divide(a: Value, b: Value): Value {
    if (b.decimal.isZero()) throw divisionByZero('division', b);
    if (!a.isExact || !b.isExact) return this.rounded(this.Rounded.div(a.decimal, b.decimal));
    // A quotient that ends has at most this many digits: each digit of the divisor is worth less than 3.33 factors
    // of 2 or 5, and each of those adds less than 0.7 of a digit.
    const ending = Math.min(a.decimal.precision() + 3 * b.decimal.precision(), MAX_DIGITS);
    const digits = Math.max(ending, this.digits) + this.#guardDigits;
    this.work.chargeProduct(digits, 2 * b.decimal.precision());
    const quotient = Decimal.clone({ defaults: true, precision: digits }).div(a.decimal, b.decimal);
    const isExact = new ExactDecimal(quotient).times(b.decimal).eq(a.decimal);
    return isExact ? this.exactIfWritable(quotient) : this.rounded(quotient);
  }

  /** What truncated division leaves: it has the sign of `a`. */
  remainder(a: Value, b: Value): Value {
    if (b.decimal.isZero()) throw divisionByZero('remainder of a division', b);
    const [left, right] = [this.settled(a), this.settled(b)];
    const quotientDigits = Math.max(left.e - right.e, 0) + 1;
    this.work.chargeProduct(quotientDigits, right.precision());
    const rest = left.mod(right);
    return a.isExact && b.isExact ? this.exactIfWritable(rest) : this.rounded(rest);
  }

  sqrt(a: Value): Value {
    if (a.decimal.isNegative() && !a.decimal.isZero()) {
      throw new MathError('UNDEFINED', 'a negative number has no real square root');
    }
    const digits = Math.max(Math.ceil(a.decimal.precision() / 2), this.digits) + this.#guardDigits;
    this.work.chargeProduct(digits, 4 * digits);
    const root = Decimal.clone({ defaults: true, precision: digits }).sqrt(a.decimal);
    const isExact = a.isExact && new ExactDecimal(root).times(root).eq(a.decimal);
    return isExact ? this.exactIfWritable(root) : this.rounded(root);
  }

  /** `decimal` as a rounded value. @throws {MathError} `OUT_OF_RANGE` when it is too large or too small to write. */
  rounded(decimal: Decimal): Value {
    if (!decimal.isFinite()) throw outOfRange('large');
    if (!decimal.isZero()) this.refuseMagnitude(decimal.e);
    return { decimal: new this.Rounded(decimal).toSignificantDigits(this.Rounded.precision), isExact: false };
  }

  /** The argument of a series: rounded, so that its length cannot cost time. */
  working(decimal: Decimal): Decimal {
    this.work.chargeSeries(this.Rounded.precision);
    return new this.Rounded(decimal).toSignificantDigits(this.Rounded.precision);
  }

  /** The number that is meant where a step as large as 1 follows from a tiny error: 0.99…9 becomes 1. */
  settled({ decimal, isExact }: Value): Decimal {
    return new ExactDecimal(
      isExact ? decimal : decimal.toSignificantDigits(this.Rounded.precision - NOISE_DIGITS),
    );
  }

  /** 0 instead of a difference that is only the rounding error of something of magnitude `scale`. */
  withoutNoise(difference: Decimal, scale: Decimal): Decimal {
    const noise = new this.Rounded(10).pow(NOISE_DIGITS - this.Rounded.precision).times(scale);
    return difference.abs().lt(noise) ? new ExactDecimal(0) : difference;
  }

  /** An exact result, rounded after all when it is too long to write. */
  exactIfWritable(decimal: Decimal): Value {
    return isWritable(decimal) ? { decimal, isExact: true } : this.rounded(decimal);
  }

  /** @throws {MathError} `OUT_OF_RANGE` for a result of 10^log10 that is too large or too small to write. */
  refuseMagnitude(log10: number): void {
    if (log10 >= MAX_DIGITS) throw outOfRange('large');
    if (log10 <= -MAX_DIGITS) throw outOfRange('small');
  }
}

/** Of a divisor that was rounded only its digits are known. */
function divisionByZero(what: string, { isExact }: Value): MathError {
  const zero = isExact ? 'zero' : 'zero, or by what is too near to it to tell';
  return new MathError('DIVISION_BY_ZERO', `${what} by ${zero}`);
}

function outOfRange(size: 'large' | 'small'): MathError {
  const limit = size === 'large' ? `1e${MAX_DIGITS}` : `1e-${MAX_DIGITS}`;
  return new MathError('OUT_OF_RANGE', `a result is too ${size}: the limit is ${limit}`);
}
