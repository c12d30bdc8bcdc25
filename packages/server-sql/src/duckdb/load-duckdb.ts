import { ToolError } from '@patchbay/server-kit';

export type DuckDbLibrary = typeof import('@duckdb/node-api');

/** @throws {ToolError} `CONNECTION` when the optional peer is not there. */
export async function loadDuckDb(): Promise<DuckDbLibrary> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    throw new ToolError('CONNECTION', 'DuckDB is not installed beside this server', {
      hint: 'npm install @duckdb/node-api. Without it there are no Parquet files and no --engine duckdb.',
      cause: error,
    });
  }
}
