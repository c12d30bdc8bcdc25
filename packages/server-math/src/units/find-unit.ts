import { MathError } from '../errors.ts';
import type { UnitRow } from './unit-table.ts';
import { BINARY_PREFIXES, SI_PREFIXES, UNIT_TABLE } from './unit-table.ts';

/** A unit, ready to convert with: `base = (value + offset) · factor · 10^ten`. */
export interface Unit {
  readonly dimension: string;
  /** As it is written best. */
  readonly symbol: string;
  /** `over/under`. */
  readonly factor: string;
  /** Power of ten of the prefix. */
  readonly ten: number;
  readonly offset: string | undefined;
}

const POWERS = { symbol: 1, square: 2, cube: 3 } as const;

/** Every way to write a unit, as it stands. Longer lists of prefixes come later, so that `min` is no milli-inch. */
const UNITS: ReadonlyMap<string, Unit> = indexUnits();

/** The same in lower case, as far as that is clear: `KM`, but not `MB`, which may be a bit or a byte. */
const FOLDED: ReadonlyMap<string, Unit | undefined> = foldUnits();

/**
 * Finds a unit by its symbol or name, in the singular or plural.
 *
 * @throws {MathError} `UNKNOWN_UNIT`, naming some that there are.
 */
export function findUnit(text: string): Unit {
  const name = normalize(text);
  const unit = UNITS.get(name) ?? FOLDED.get(name.toLowerCase());
  if (unit) return unit;
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  const known = Object.entries(UNIT_TABLE).map(([dimension, [base]]) => `${dimension} ${base?.names[0]}`);
  throw new MathError('UNKNOWN_UNIT', `"${shown}" is not a known unit`, {
    hint: `Use a symbol or an English name, such as ${known.join(', ')}. math://units lists all.`,
  });
}

function normalize(text: string): string {
  return text
    .normalize('NFC')
    .trim()
    .replaceAll(/\s+/gu, ' ')
    .replace(/\^?2$/u, '²')
    .replace(/\^?3$/u, '³')
    .replaceAll(/[μ]|^u(?=[a-zA-Z]$)/gu, 'µ');
}

function indexUnits(): ReadonlyMap<string, Unit> {
  const units = new Map<string, Unit>();
  const add = (name: string, unit: Unit): void => {
    if (!units.has(name)) units.set(name, unit);
  };
  const rows = Object.entries(UNIT_TABLE).flatMap(([dimension, found]) =>
    found.map((row) => ({ row, dimension })),
  );
  for (const { row, dimension } of rows) {
    const unit = toUnit(row, dimension);
    for (const name of row.names) for (const form of forms(name)) add(form, unit);
  }
  for (const { row, dimension } of rows) {
    for (const [name, unit] of prefixedNames(row, toUnit(row, dimension))) add(name, unit);
  }
  return units;
}

function toUnit({ names, factor, offset }: UnitRow, dimension: string): Unit {
  return { dimension, symbol: names[0] ?? '', factor, ten: 0, offset };
}

function prefixedNames(row: UnitRow, unit: Unit): readonly (readonly [string, Unit])[] {
  if (row.prefixed === undefined) return [];
  const power = POWERS[row.prefixed];
  const [symbol = '', ...words] = row.names;
  const named = (prefix: string, word: string, made: Unit): readonly (readonly [string, Unit])[] => [
    [`${prefix}${symbol}`, made],
    ...words.flatMap(forms).map((each) => [withPrefix(each, word), made] as const),
  ];
  return [
    ...SI_PREFIXES.flatMap(([prefix, word, ten]) =>
      named(prefix, word, { ...unit, symbol: `${prefix}${symbol}`, ten: ten * power }),
    ),
    ...(row.binary === true ? BINARY_PREFIXES : []).flatMap(([prefix, word, count]) =>
      named(prefix, word, {
        ...unit,
        symbol: `${prefix}${symbol}`,
        factor: String(BigInt(unit.factor) * 1024n ** BigInt(count)),
      }),
    ),
  ];
}

/** `square kilometer`: the prefix belongs to the last word. */
function withPrefix(name: string, prefix: string): string {
  return name.replace(/\S+$/u, (word) => `${prefix}${word}`);
}

/** A word of three letters and more has a plural. */
function forms(name: string): readonly string[] {
  return /^[a-z -]{3,}$/u.test(name) && !name.endsWith('s') ? [name, `${name}s`] : [name];
}

function foldUnits(): ReadonlyMap<string, Unit | undefined> {
  const folded = new Map<string, Unit | undefined>();
  for (const [name, unit] of UNITS) {
    const key = name.toLowerCase();
    const isSame = !folded.has(key) || folded.get(key)?.symbol === unit.symbol;
    folded.set(key, isSame ? unit : undefined);
  }
  return folded;
}
