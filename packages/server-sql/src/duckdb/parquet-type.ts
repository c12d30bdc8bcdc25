/** A column's text as a value of its type, and whether a text is one, as DuckDB's SQL. */
export interface ParquetType {
  readonly value: string;
  readonly fits: string;
}

/** Most digits behind the point of DuckDB's decimals, and most digits at all. */
const MAX_DIGITS = 38;

const CASTS: ReadonlyMap<string, string> = new Map([
  ['float', 'DOUBLE'],
  ['double', 'DOUBLE'],
  ['real', 'DOUBLE'],
  ['date', 'DATE'],
  ['datetime', 'TIMESTAMP'],
  ['timestamp', 'TIMESTAMP'],
  ['time', 'TIME'],
  ['boolean', 'BOOLEAN'],
]);
const BYTES = new Set(['blob', 'binary', 'varbinary', 'bit', 'tinyblob', 'mediumblob', 'longblob']);

/**
 * For the database's own word for a type; undefined for what stays text. `scale` is the most digits that a value of the
 * column has behind its point.
 */
export function parquetType(column: string, type: string, scale: number): ParquetType | undefined {
  const [word = ''] = /^[a-z]+/.exec(type) ?? [];
  const cast = CASTS.get(word);
  if (cast !== undefined) return castTo(column, cast);
  if (word === 'decimal' || word === 'numeric') {
    return scale > MAX_DIGITS ? undefined : castTo(column, `DECIMAL(${MAX_DIGITS}, ${scale})`);
  }
  if (BYTES.has(word)) {
    return {
      value: `from_hex(substr(${column}, 3))`,
      fits: `regexp_full_match(${column}, '0x([0-9a-f]{2})*')`,
    };
  }
  if (!/int$|^(?:integer|hugeint|uhugeint|year)$/.test(word)) return undefined;
  const integer = castTo(column, integerOf(type));
  // A cast would round 1.5, and take the zeros from 007.
  return { ...integer, fits: `${integer.value}::VARCHAR = ${column}` };
}

function integerOf(type: string): string {
  // Parquet has no integers as long.
  if (type.includes('hugeint')) return `DECIMAL(${MAX_DIGITS}, 0)`;
  return type.includes('unsigned') || type.startsWith('u') ? 'UBIGINT' : 'BIGINT';
}

function castTo(column: string, type: string): ParquetType {
  const value = `TRY_CAST(${column} AS ${type})`;
  return { value, fits: `${value} IS NOT NULL` };
}
