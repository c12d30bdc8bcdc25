import type { Decimal } from 'decimal.js';

/** A whole number over another, in lowest terms; the sign is above. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/** @throws {RangeError} When `under` is 0. */
export function fraction(over: bigint, under = 1n): Fraction {
  if (under === 0n) throw new RangeError('a fraction over 0');
  const common = greatestDivisor(over, under) * (under < 0n ? -1n : 1n);
  return { over: over / common, under: under / common };
}

/** The decimal as a fraction, which it always is. */
export function toFraction(decimal: Decimal): Fraction {
  const places = Math.max(0, decimal.decimalPlaces());
  return fraction(BigInt(decimal.toFixed(places).replace('.', '')), 10n ** BigInt(places));
}

/** Never negative. */
export function greatestDivisor(a: bigint, b: bigint): bigint {
  let [greater, smaller] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (smaller !== 0n) [greater, smaller] = [smaller, greater % smaller];
  return greater;
}

/** `2/3`, or `2` when nothing is below. */
export function formatFraction({ over, under }: Fraction): string {
  return under === 1n ? `${over}` : `${over}/${under}`;
}
