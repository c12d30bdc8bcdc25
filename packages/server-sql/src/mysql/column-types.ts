import type { FieldPacket } from 'mysql2';
import type { Column } from '../database.ts';

/** Names of the protocol's column types. Source: the column definition packet of the MySQL protocol. */
const NAMES = new Map([
  [0, 'decimal'],
  [1, 'tinyint'],
  [2, 'smallint'],
  [3, 'int'],
  [4, 'float'],
  [5, 'double'],
  [7, 'timestamp'],
  [8, 'bigint'],
  [9, 'mediumint'],
  [10, 'date'],
  [11, 'time'],
  [12, 'datetime'],
  [13, 'year'],
  [15, 'varchar'],
  [16, 'bit'],
  [242, 'vector'],
  [245, 'json'],
  [246, 'decimal'],
  [247, 'enum'],
  [248, 'set'],
  [252, 'text'],
  [253, 'varchar'],
  [254, 'char'],
  [255, 'geometry'],
]);
const BINARY_NAMES = new Map([
  ['text', 'blob'],
  ['varchar', 'varbinary'],
  ['char', 'binary'],
]);
const BINARY_CHARACTER_SET = 63;
const UNSIGNED_FLAG = 32;

/** Of these the driver makes texts and whole numbers without help, whatever their values. */
const CELLS_ALREADY = new Set(
  'decimal tinyint smallint int bigint mediumint timestamp date time datetime year json'.split(' '),
);
const TEXTS = new Set(['varchar', 'enum', 'set', 'text', 'char']);

/** Whether the driver's values of a column are cells as they come: neither bytes nor what JSON would change. */
export function isCellAlready(field: FieldPacket): boolean {
  const name = NAMES.get(field.columnType ?? field.type ?? -1) ?? '';
  return CELLS_ALREADY.has(name) || (TEXTS.has(name) && field.characterSet !== BINARY_CHARACTER_SET);
}

export function toColumn(field: FieldPacket): Column {
  const name = NAMES.get(field.columnType ?? field.type ?? -1) ?? '';
  const isBinary = field.characterSet === BINARY_CHARACTER_SET;
  const isUnsigned = typeof field.flags === 'number' && (field.flags & UNSIGNED_FLAG) !== 0;
  const type = (isBinary ? BINARY_NAMES.get(name) : undefined) ?? name;
  return { name: field.name, type: isUnsigned && isNumeric(name) ? `${type} unsigned` : type };
}

function isNumeric(name: string): boolean {
  return name.endsWith('int') || name === 'decimal' || name === 'float' || name === 'double';
}
