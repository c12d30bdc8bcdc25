import { greatestDivisor } from './fraction.ts';

/** What is known of the factors of a whole number. */
export interface Factors {
  readonly primes: readonly { readonly prime: bigint; readonly exponent: number }[];
  /** What is left when the work came to an end: composite, its factors unknown. 1 when all are found. */
  readonly rest: bigint;
}

/** Trial division goes this far. */
const MAX_TRIAL = 10_000n;

/** Steps of Pollard's method for one number, all its factors together: enough for factors of about ten digits. */
const MAX_STEPS = 60_000;
const BATCH = 100;
/** Other circles, for when all factors meet at once. */
const SHIFTS = [1n, 3n, 5n, 7n];

/** Bases that decide every number below 3.3e24; beyond it a composite passes with less than 4^-13. Source: OEIS A014233. */
const BASES = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n];

/** Steps that are left, for all that shares them. */
interface Budget {
  steps: number;
}

/** The prime factors of `number`, in order. It is 2 or more, and of at most about 100 digits, for the sake of time. */
export function factorize(number: bigint): Factors {
  const found: bigint[] = [];
  let rest = number;
  for (let divisor = 2n; divisor <= MAX_TRIAL && divisor * divisor <= rest; divisor += 1n) {
    while (rest % divisor === 0n) {
      found.push(divisor);
      rest /= divisor;
    }
  }
  const { primes, composite } = split(rest, { steps: MAX_STEPS });
  const all = [...found, ...primes].toSorted((a, b) => (a < b ? -1 : Number(a > b)));
  const distinct = [...new Set(all)];
  return {
    primes: distinct.map((prime) => ({ prime, exponent: all.filter((each) => each === prime).length })),
    rest: composite,
  };
}

/** Whether the number is prime, by Miller and Rabin. */
function isPrime(number: bigint): boolean {
  if (number < 2n) return false;
  const small = BASES.find((base) => number % base === 0n);
  if (small !== undefined) return number === small;
  let odd = number - 1n;
  let twos = 0;
  for (; odd % 2n === 0n; odd /= 2n) twos += 1;
  return BASES.every((base) => {
    let power = powerModulo(base, odd, number);
    if (power === 1n || power === number - 1n) return true;
    for (let step = 1; step < twos; step += 1) {
      power = (power * power) % number;
      if (power === number - 1n) return true;
    }
    return false;
  });
}

function split(number: bigint, budget: Budget): { readonly primes: readonly bigint[]; composite: bigint } {
  if (number === 1n) return { primes: [], composite: 1n };
  if (isPrime(number)) return { primes: [number], composite: 1n };
  const divisor = findDivisor(number, budget);
  if (divisor === undefined) return { primes: [], composite: number };
  const parts = [split(divisor, budget), split(number / divisor, budget)];
  return {
    primes: parts.flatMap(({ primes }) => primes),
    composite: parts.reduce((product, { composite }) => product * composite, 1n),
  };
}

/** Pollard's rho: two walk one circle modulo an unknown factor, and meet there before they meet elsewhere. */
function findDivisor(number: bigint, budget: Budget): bigint | undefined {
  for (const shift of SHIFTS) {
    const next = (value: bigint): bigint => (value * value + shift) % number;
    let [slow, fast] = [2n, 2n];
    for (; budget.steps > 0; budget.steps -= BATCH) {
      const [slowBefore, fastBefore] = [slow, fast];
      let product = 1n;
      for (let step = 0; step < BATCH; step += 1) {
        slow = next(slow);
        fast = next(next(fast));
        product = (product * (slow - fast)) % number;
      }
      // A divisor is looked for once a batch: that takes longer than a step.
      if (greatestDivisor(product, number) === 1n) continue;
      const divisor = firstMeeting(number, next, [slowBefore, fastBefore]);
      if (divisor < number) return divisor;
      break;
    }
  }
  return undefined;
}

/** Goes through a batch again step by step, since several factors may have come up in it. */
function firstMeeting(
  number: bigint,
  next: (value: bigint) => bigint,
  [slowBefore, fastBefore]: readonly [bigint, bigint],
): bigint {
  let [slow, fast, divisor] = [slowBefore, fastBefore, 1n];
  while (divisor === 1n) {
    slow = next(slow);
    fast = next(next(fast));
    divisor = greatestDivisor(slow - fast, number);
  }
  return divisor;
}

function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, base % modulus];
  for (let rest = exponent; rest > 0n; rest /= 2n) {
    if (rest % 2n === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
