/** One value of a result. Integers that a double cannot hold, decimals and dates are text; bytes are `0x` and hex. */
export type Cell = string | number | boolean | null;

export interface Column {
  readonly name: string;
  /** The database's own word for the type, in lower case; empty when it has none for an expression. */
  readonly type: string;
}

export interface EngineInfo {
  /** For example `MariaDB`, `MySQL`, `SQLite`. */
  readonly name: string;
  /** Absent until a server has told its version. */
  readonly version?: string;
  /** The SQL that a model should write, in words. */
  readonly dialect: string;
  /** True when the rows are made up, so that nobody takes them for their own. */
  readonly isSample: boolean;
}

export interface ResultLimits {
  readonly maxRows: number;
  /** Of all cells as JSON. */
  readonly maxBytes: number;
  readonly maxCellChars: number;
}

export interface CallOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface StatementOptions extends CallOptions {
  /** Stand in the places of the statement's `?`, in order. */
  readonly params?: readonly Cell[] | undefined;
}

export interface QueryOptions extends StatementOptions {
  readonly limits: ResultLimits;
}

export interface QueryResult {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Why rows are missing at the end; absent when all are there. */
  readonly cutBy?: 'rows' | 'bytes';
  /** How many rows the statement has; null when there are more than were counted. */
  readonly totalRows: number | null;
  /** How many cells lost their end to `maxCellChars`. */
  readonly cutCells: number;
}

/** A table's full name. Only names that the catalog has returned are put into SQL. */
export interface TableName {
  readonly database: string;
  readonly name: string;
}

export interface TableInfo extends TableName {
  readonly type: 'table' | 'view';
  /** Null when it is not known without counting; an estimate on a MySQL server. */
  readonly rows: number | null;
}

export interface ColumnInfo extends Column {
  readonly nullable: boolean;
  /** As in MySQL: PRI, UNI, MUL, or empty. */
  readonly key: string;
  readonly default: string | null;
}

export interface ForeignKey {
  readonly column: string;
  /** `table.column`. */
  readonly references: string;
}

export interface TableDescription {
  readonly columns: readonly ColumnInfo[];
  readonly foreignKeys: readonly ForeignKey[];
  /** The statement that makes the table, as the database tells it. */
  readonly createSql: string | null;
}

/** Rows on their way into a file, in the order of the database. Disposing stops the statement. */
export interface RowStream extends AsyncDisposable {
  readonly columns: readonly Column[];
  /** Reads on demand. */
  readonly batches: AsyncIterable<readonly (readonly Cell[])[]>;
}

/** What a statement that writes has done. */
export interface Written {
  /** Rows that were inserted, updated or deleted; 0 for a statement that changes tables themselves. */
  readonly affectedRows: number;
  /** The first automatic key of an INSERT: text where a number would lose digits, null without one. */
  readonly insertId: number | string | null;
}

/**
 * The port that the tools stand on. Each engine has one adapter. Every method may throw a ToolError with the code
 * `SQL_ERROR`, `TIMEOUT` or `CONNECTION`; the database is usable again on the next call.
 */
export interface Database extends AsyncDisposable {
  /** What is known now: a server's version only after its first answer. */
  readonly engine: EngineInfo;
  /** Where a name without a database is looked up first; absent when nowhere in particular. */
  readonly defaultDatabase: string | undefined;
  /** Runs one statement that reads, in a session that cannot write. */
  query(sql: string, options: QueryOptions): Promise<QueryResult>;
  /** How the engine would run a statement that reads, in its own words. Nothing is run. */
  explain(sql: string, options: CallOptions): Promise<string>;
  /** Runs one statement that writes, whole or not at all. Absent unless the user has allowed writing. */
  readonly execute?: ((sql: string, options: StatementOptions) => Promise<Written>) | undefined;
  /** Every table and view of the user's databases, sorted by database and name. */
  listTables(options: CallOptions): Promise<readonly TableInfo[]>;
  /** `table` comes from {@link Database.listTables}. */
  describeTable(table: TableName, options: CallOptions): Promise<TableDescription>;
  /** All rows of one statement that reads, for a file. */
  streamRows(sql: string, options: CallOptions): Promise<RowStream>;
  /** A name from the catalog as it stands in a statement. */
  quote(table: TableName): string;
}
