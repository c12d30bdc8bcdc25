import { escapeId, format } from 'mysql2';
import type { Cell, ColumnInfo, ForeignKey, TableInfo, TableName } from '../database.ts';

type Row = readonly Cell[];

/** More than any result has, so that a limit on rows that is set in the session does not hold. */
const ALL_ROWS = 'LIMIT 18446744073709551615';

/** Every table and view outside the server's own databases. */
export const TABLES_SQL: string = `SELECT table_schema, table_name, table_type, table_rows FROM information_schema.tables
  WHERE table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
  ORDER BY CAST(table_schema AS BINARY), CAST(table_name AS BINARY) ${ALL_ROWS}`;

export function columnsSql({ database, name }: TableName): string {
  return format(
    `SELECT column_name, column_type, is_nullable, column_key, column_default FROM information_schema.columns
     WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position ${ALL_ROWS}`,
    [database, name],
  );
}

export function foreignKeysSql({ database, name }: TableName): string {
  return format(
    `SELECT column_name, referenced_table_name, referenced_column_name FROM information_schema.key_column_usage
     WHERE table_schema = ? AND table_name = ? AND referenced_table_name IS NOT NULL
     ORDER BY constraint_name, ordinal_position ${ALL_ROWS}`,
    [database, name],
  );
}

/** A name with a dot in it is one name: the driver would take it for two unless told. */
export function quoteTable({ database, name }: TableName): string {
  return `${escapeId(database, true)}.${escapeId(name, true)}`;
}

export function toTable([database, name, type, rows]: Row): TableInfo {
  const isView = String(type).includes('VIEW');
  return {
    database: String(database),
    name: String(name),
    type: isView ? 'view' : 'table',
    rows: isView || rows === null || rows === undefined ? null : Number(rows),
  };
}

export function toColumnInfo([name, type, nullable, key, fallback]: Row): ColumnInfo {
  return {
    name: String(name),
    type: String(type),
    nullable: nullable === 'YES',
    key: String(key),
    // MariaDB writes NULL as a word, and puts quotes around a text of that name.
    default: fallback === null || fallback === undefined || fallback === 'NULL' ? null : String(fallback),
  };
}

export function toForeignKey([column, table, to]: Row): ForeignKey {
  return { column: String(column), references: `${String(table)}.${String(to)}` };
}
