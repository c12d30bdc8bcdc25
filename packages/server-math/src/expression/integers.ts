import type { Arithmetic } from '../arithmetic.ts';
import { MathError } from '../errors.ts';
import { greatestDivisor } from '../fraction.ts';
import type { Value } from '../number.ts';
import { ExactDecimal, MAX_DIGITS } from '../number.ts';

/** The largest one whose factorial has no more than {@link MAX_DIGITS} digits. */
const MAX_FACTORIAL = 3248;

/** @throws {MathError} `UNDEFINED` but for 0, 1, 2 …; `OUT_OF_RANGE` above {@link MAX_FACTORIAL}. */
export function factorial(math: Arithmetic, { decimal, isExact }: Value): Value {
  if (!isExact || !decimal.isInteger() || decimal.lt(0)) {
    throw new MathError('UNDEFINED', 'a factorial needs a whole number from 0 on');
  }
  if (decimal.gt(MAX_FACTORIAL)) {
    throw new MathError('OUT_OF_RANGE', `a factorial is limited to ${MAX_FACTORIAL}!`);
  }
  const count = decimal.toNumber();
  math.work.charge(count * 100);
  let product = 1n;
  for (let factor = 2n; factor <= count; factor += 1n) product *= factor;
  return fromBigInt(product);
}

/** Greatest common divisor, never negative. */
export function gcd(math: Arithmetic, args: readonly Value[]): Value {
  return fromBigInt(args.map((value) => toBigInt(math, value)).reduce(greatestDivisor, 0n));
}

/** Least common multiple, never negative; 0 when an argument is. */
export function lcm(math: Arithmetic, args: readonly Value[]): Value {
  let multiple = 1n;
  for (const value of args) {
    const next = toBigInt(math, value);
    if (next === 0n) return fromBigInt(0n);
    multiple = (multiple / greatestDivisor(multiple, next)) * next;
    const result = fromBigInt(multiple);
    if (result.decimal.e >= MAX_DIGITS) {
      throw new MathError('OUT_OF_RANGE', `a least common multiple has more than ${MAX_DIGITS} digits`);
    }
  }
  return fromBigInt(multiple < 0n ? -multiple : multiple);
}

function toBigInt(math: Arithmetic, { decimal, isExact }: Value): bigint {
  if (!isExact || !decimal.isInteger()) throw new MathError('UNDEFINED', 'gcd and lcm need whole numbers');
  // The Euclidean algorithm takes about two steps a digit, each over all digits.
  math.work.charge(1000 + decimal.precision() ** 2 / 10);
  return BigInt(decimal.toFixed());
}

function fromBigInt(integer: bigint): Value {
  return { decimal: new ExactDecimal(integer.toString()), isExact: true };
}
