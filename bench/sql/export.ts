import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import mysql from 'mysql2';
import { programOf } from '../build-server.ts';
import type { BenchDatabase } from './database.ts';
import { startServer } from './mcp-client.ts';
import { median, timeOf } from './timing.ts';

const ROUNDS = 3;

export interface ExportReport {
  readonly bytes: number;
  readonly bareMs: number;
  readonly exportMs: number;
  /** Bare by exported: 1 is as fast, above is faster. */
  readonly speed: number;
  /** Most memory that the server's process ever had, in MB; null where the system does not tell. */
  readonly peakMemoryMb: number | null;
}

/**
 * The whole table as CSV: `export_csv` of the server as a client calls it over stdio, with its hash, its sync to disk
 * and its rename, against mysql2's stream into a file in this process. Both files must be the same to the byte.
 */
export async function measureExport({ url }: BenchDatabase): Promise<ExportReport> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-bench-'));
  try {
    const bareFile = join(folder, 'bare.csv');
    const env = { MYSQL_URL: url, PATCHBAY_WORKSPACE: folder, SQL_EXPORT_MAX_ROWS: '100000000' };
    await using server = await startServer([programOf('server-sql')], env);
    const bare: number[] = [];
    const exported: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await timeOf(() => streamIntoFile(url, bareFile)));
      const args = { table: 'sales', file: 'export.csv', overwrite: true };
      exported.push(await timeOf(() => server.call('export_csv', args)));
    }
    const hashes = await Promise.all([hashOf(bareFile), hashOf(join(folder, 'export.csv'))]);
    if (hashes[0] !== hashes[1]) throw new Error('The two files differ');
    const [bareMs, exportMs] = [median(bare), median(exported)];
    const { size: bytes } = await stat(bareFile);
    return { bytes, bareMs, exportMs, speed: bareMs / exportMs, peakMemoryMb: peakMemoryOf(server.pid) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As one writes it with the driver alone: its stream of rows, a transform to text, a file. */
async function streamIntoFile(uri: string, path: string): Promise<void> {
  const connection = mysql.createConnection({ uri, rowsAsArray: true, dateStrings: true });
  try {
    const query = connection.query('SELECT * FROM sales');
    let head = '';
    query.on('fields', (fields: readonly { name: string }[]) => {
      head = `${fields.map(({ name }) => name).join(',')}\r\n`;
    });
    const toText = new Transform({
      writableObjectMode: true,
      transform(row: readonly unknown[], _encoding, done) {
        done(null, `${head}${row.map(field).join(',')}\r\n`);
        head = '';
      },
    });
    await pipeline(query.stream(), toText, createWriteStream(path));
  } finally {
    connection.destroy();
  }
}

function field(value: unknown): string {
  if (value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function peakMemoryOf(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return kilobytes === undefined ? null : Number(kilobytes) / 1024;
}
