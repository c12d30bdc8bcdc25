import { Arithmetic, GUARD_DIGITS } from '../arithmetic.ts';
import { MathError } from '../errors.ts';
import type { Value } from '../number.ts';
import { ExactDecimal, formatExact, formatRounded, parseDecimal } from '../number.ts';
import { power } from '../power.ts';
import { WorkLimit } from '../work-limit.ts';
import { FUNCTIONS } from './functions.ts';
import { factorial } from './integers.ts';
import type { BinaryOperator, Node } from './parse.ts';
import { parseExpression } from './parse.ts';

/** Significant digits of a result that has no end, unless the caller asks for others. */
export const DEFAULT_PRECISION = 30;

/** Guard digits of the further evaluations that show whether a difference cancelled more than the first had. */
const MORE_GUARD_DIGITS = [3 * GUARD_DIGITS, 7 * GUARD_DIGITS, 15 * GUARD_DIGITS];

export interface Calculation {
  /** Decimal text. */
  readonly result: string;
  /** False when the true value was rounded, at the end or on the way. */
  readonly isExact: boolean;
}

export interface CalculationOptions {
  /** Significant digits to which the result is rounded. */
  readonly precision?: number | undefined;
  /** Numbers that the expression names. */
  readonly variables?: Readonly<Record<string, Value>>;
}

/**
 * Evaluates an expression. Without `precision` an exact result has all its digits and another one 30; with it, both
 * are rounded to that many significant digits.
 *
 * @throws {MathError} saying where, and what was expected there.
 */
export function calculate(
  expression: string,
  { precision, variables = {} }: CalculationOptions = {},
): Calculation {
  const digits = precision ?? DEFAULT_PRECISION;
  const work = new WorkLimit();
  const scope = toScope(variables);
  const tree = parseExpression(expression);
  const outcome = confirmed((guardDigits) => {
    const math = new Arithmetic(digits, { guardDigits, work });
    return attempt(() => evaluate({ math, variables: scope }, tree), digits);
  });
  if (outcome.kind === 'failed') throw outcome.error;
  const { value, rounded } = outcome;
  return value.isExact && (precision === undefined || value.decimal.precision() <= precision)
    ? { result: formatExact(value.decimal), isExact: true }
    : { result: rounded, isExact: false };
}

type Outcome =
  | { readonly kind: 'value'; readonly value: Value; readonly rounded: string }
  | { readonly kind: 'failed'; readonly error: MathError };

function attempt(compute: () => Value, digits: number): Outcome {
  try {
    const value = compute();
    return { kind: 'value', value, rounded: formatRounded(value.decimal, digits) };
  } catch (error) {
    if (error instanceof MathError) return { kind: 'failed', error };
    throw error;
  }
}

/**
 * A rounded result that came out twice with different numbers of guard digits. A difference of nearly equal numbers cancels
 * the digits that they share, and nothing in the result tells how many were left. A zero may be a difference of which none
 * was, and so may what was divided by.
 */
function confirmed(outcomeWith: (guardDigits: number) => Outcome): Outcome {
  let last = outcomeWith(GUARD_DIGITS);
  for (const guardDigits of MORE_GUARD_DIGITS) {
    if (!mayChange(last)) return last;
    const next = outcomeWith(guardDigits);
    // More work than is left: what there is has to do.
    if (next.kind === 'failed' && next.error.code === 'TOO_COMPLEX') return last;
    if (areSame(last, next)) return next;
    last = next;
  }
  return last;
}

/** Whether more digits may give something else. */
function mayChange(outcome: Outcome): boolean {
  if (outcome.kind === 'value') return !outcome.value.isExact;
  const { code } = outcome.error;
  return code === 'DIVISION_BY_ZERO' || code === 'UNDEFINED';
}

function areSame(one: Outcome, other: Outcome): boolean {
  if (one.kind === 'failed' || other.kind === 'failed') return false;
  return one.rounded === other.rounded && one.rounded !== '0';
}

interface Scope {
  readonly math: Arithmetic;
  readonly variables: ReadonlyMap<string, Value>;
}

const CONSTANTS: ReadonlySet<string> = new Set(['pi', 'tau', 'e']);

/** A map, so that no name of an object's own is a variable. */
function toScope(variables: Readonly<Record<string, Value>>): Scope['variables'] {
  const taken = Object.keys(variables).find((name) => CONSTANTS.has(name) || FUNCTIONS.has(name));
  if (taken === undefined) return new Map(Object.entries(variables));
  throw new MathError('WRONG_ARGUMENTS', `"${taken}" has a meaning of its own and cannot be a variable`);
}

function evaluate(scope: Scope, node: Node): Value {
  const { math } = scope;
  switch (node.kind) {
    case 'number':
      return locate(node, () => ({ decimal: parseDecimal(node.text), isExact: true }));
    case 'constant':
      return locate(node, () => constant(scope, node.name));
    case 'negate':
      return math.negate(evaluate(scope, node.operand));
    case 'factorial': {
      const operand = evaluate(scope, node.operand);
      return locate(node, () => factorial(math, operand));
    }
    case 'percent': {
      const operand = evaluate(scope, node.operand);
      return locate(node, () => math.divide(operand, { decimal: new ExactDecimal(100), isExact: true }));
    }
    case 'binary': {
      const left = evaluate(scope, node.left);
      const right = evaluate(scope, node.right);
      return locate(node, () => combine(math, node.operator, { left, right }));
    }
    case 'call':
      return call(scope, node);
    default:
      return node satisfies never;
  }
}

function combine(
  math: Arithmetic,
  operator: BinaryOperator,
  { left, right }: { left: Value; right: Value },
): Value {
  switch (operator) {
    case '+':
      return math.add(left, right);
    case '-':
      return math.add(left, math.negate(right));
    case '*':
      return math.multiply(left, right);
    case '/':
      return math.divide(left, right);
    case '%':
      return math.remainder(left, right);
    case '^':
      return power(math, left, right);
    default:
      return operator satisfies never;
  }
}

function constant({ math, variables }: Scope, name: string): Value {
  const known = variables.get(name);
  if (known) return known;
  const { Rounded } = math;
  if (name === 'pi') return math.rounded(Rounded.acos(-1));
  if (name === 'tau') return math.rounded(Rounded.acos(-1).times(2));
  if (name === 'e') return math.rounded(Rounded.exp(1));
  if (FUNCTIONS.has(name)) throw new MathError('SYNTAX', `"${name}" is a function: write ${name}(…)`);
  throw unknown(name);
}

function call(scope: Scope, node: Extract<Node, { kind: 'call' }>): Value {
  const known = FUNCTIONS.get(node.name);
  if (!known) throw unknown(node.name).at(node.position);
  const [first, ...rest] = node.args.map((arg) => evaluate(scope, arg));
  const count = node.args.length;
  if (first === undefined || count < known.minArgs || count > known.maxArgs) {
    throw new MathError('WRONG_ARGUMENTS', `${node.name} takes ${describeCount(known)}, not ${count}`).at(
      node.position,
    );
  }
  return locate(node, () => known.apply(scope.math, [first, ...rest]));
}

function describeCount({ minArgs, maxArgs }: { minArgs: number; maxArgs: number }): string {
  if (minArgs === maxArgs) return minArgs === 1 ? '1 argument' : `${minArgs} arguments`;
  return `${minArgs} to ${maxArgs} arguments`;
}

function unknown(name: string): MathError {
  const shown = name.length > 40 ? `${name.slice(0, 40)}…` : name;
  return new MathError('UNKNOWN_NAME', `"${shown}" is not a known name`, {
    hint: `Constants: pi e tau, and your variables. Functions: ${[...FUNCTIONS.keys()].join(' ')}.`,
  });
}

function locate(node: Node, compute: () => Value): Value {
  try {
    return compute();
  } catch (error) {
    throw error instanceof MathError ? error.at(node.position) : error;
  }
}
