import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { link, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ToolError } from '@patchbay/server-kit';
import type { Workspace } from '@patchbay/server-kit';
import { csvFormat } from './csv-format.ts';
import type { Cell, RowStream } from './database.ts';
import { loadDuckDb } from './duckdb/load-duckdb.ts';
import { toParquet } from './duckdb/to-parquet.ts';
import { hashedOutput } from './hashed-output.ts';
import type { RowFormat } from './row-format.ts';
import { jsonFormat } from './row-format.ts';

/** What an export may be: its ending, and its media type. */
export const EXPORT_TYPES: ReadonlyMap<string, string> = new Map([
  ['.csv', 'text/csv'],
  ['.json', 'application/json'],
  ['.parquet', 'application/vnd.apache.parquet'],
]);

export interface ExportTarget {
  readonly workspace: Workspace;
  /** Relative to the workspace. Its ending says which kind of file it is. */
  readonly file: string;
  readonly overwrite: boolean;
  readonly maxRows: number;
  /** What is done to each cell of a CSV file; nothing when absent. */
  readonly mapCell?: ((cell: Cell) => Cell) | undefined;
  readonly signal: AbortSignal;
}

export interface ExportReport {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  /** True when the limit left rows out. */
  readonly isCut: boolean;
}

/**
 * Where the export will be.
 *
 * @throws {ToolError} `EXPORT_EXISTS`, or a `PATH_` code for a name that is none of an export inside the workspace.
 */
export async function resolveTarget({ workspace, file, overwrite }: ExportTarget): Promise<string> {
  if (!EXPORT_TYPES.has(extname(file).toLowerCase())) {
    const endings = [...EXPORT_TYPES.keys()].join(', ');
    throw new ToolError('PATH_INVALID', `"${file}" does not end in one of ${endings}`);
  }
  const path = await workspace.resolve(file);
  const entry = await lstat(path).catch(() => undefined);
  if (entry && !entry.isFile()) throw new ToolError('PATH_INVALID', `"${file}" is there and is no file`);
  if (entry && !overwrite) throw alreadyThere(file);
  return path;
}

/** Writes the rows beside the target and puts the file in place whole, or not at all. */
export async function writeExport(stream: RowStream, target: ExportTarget): Promise<ExportReport> {
  const path = await resolveTarget(target);
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const written =
      extname(path).toLowerCase() === '.parquet'
        ? await writeParquet(stream, temporary, target)
        : await writeText(stream, temporary, { format: formatOf(path, target), maxRows: target.maxRows });
    await putInPlace(temporary, path, target);
    return { path, ...written };
  } finally {
    await rm(temporary, { force: true });
  }
}

type Written = Omit<ExportReport, 'path'>;

function formatOf(path: string, { mapCell }: ExportTarget): RowFormat {
  return extname(path).toLowerCase() === '.json' ? jsonFormat() : csvFormat(mapCell);
}

/** By way of a CSV file beside it, so that the rows of a large table are never in memory. */
async function writeParquet(stream: RowStream, path: string, target: ExportTarget): Promise<Written> {
  // Before minutes are spent on rows that could not be written.
  await loadDuckDb();
  const csv = `${path}.csv`;
  try {
    const { rows, isCut } = await writeText(stream, csv, { format: csvFormat(), maxRows: target.maxRows });
    await toParquet({ csv, parquet: path, columns: stream.columns, signal: target.signal });
    return { rows, isCut, ...(await measureFile(path)) };
  } finally {
    await rm(csv, { force: true });
  }
}

async function measureFile(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const { size } = await lstat(path);
  return { bytes: size, sha256: hash.digest('hex') };
}

interface TextOptions {
  readonly format: RowFormat;
  readonly maxRows: number;
}

async function writeText(stream: RowStream, path: string, options: TextOptions): Promise<Written> {
  const file = await open(path, 'wx', 0o600);
  try {
    return await writeInto(file, stream, options);
  } finally {
    await file.close();
  }
}

async function writeInto(
  file: FileHandle,
  stream: RowStream,
  { format, maxRows }: TextOptions,
): Promise<Written> {
  const output = hashedOutput(file);
  let rows = 0;
  let isCut = false;
  await output.write(format.head(stream.columns));
  for await (const batch of stream.batches) {
    const wanted = batch.length > maxRows - rows ? batch.slice(0, maxRows - rows) : batch;
    let text = '';
    for (const row of wanted) {
      text += format.record(row, rows);
      rows += 1;
    }
    await output.write(text);
    isCut = wanted.length < batch.length;
    if (isCut) break;
  }
  await output.write(format.tail);
  return { rows, ...(await output.finish()), isCut };
}

/** A link fails when somebody else made the file meanwhile; a rename would replace it. */
async function putInPlace(temporary: string, path: string, { file, overwrite }: ExportTarget): Promise<void> {
  if (overwrite) return rename(temporary, path);
  try {
    await link(temporary, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') throw alreadyThere(file);
    // Some file systems know no links.
    await rename(temporary, path);
  }
}

function alreadyThere(file: string): ToolError {
  return new ToolError('EXPORT_EXISTS', `"${file}" is there already`, {
    hint: 'Give another file name, or set overwrite to true to replace it.',
  });
}
