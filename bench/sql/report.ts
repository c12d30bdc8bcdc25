import type { ExportReport } from './export.ts';
import type { OverheadRow } from './overhead.ts';
import type { PeerReport } from './peer.ts';

export interface Report {
  readonly overhead: readonly OverheadRow[];
  readonly export: ExportReport;
  readonly peer: PeerReport | undefined;
}

export function printReport({ overhead, export: exported, peer }: Report): void {
  console.log('A query in this process, by the side of bare mysql2 (at most 1.30 wanted)');
  print(
    overhead.map(({ query, bareMs, guardedMs, ratio }) => [
      query,
      ms(bareMs),
      ms(guardedMs),
      ratio.toFixed(2),
    ]),
    ['query', 'mysql2', 'guarded', 'ratio'],
  );
  const { bytes, bareMs, exportMs, speed, peakMemoryMb } = exported;
  console.log(
    `\nThe table as CSV, ${Math.round(bytes / 1e6)} MB (speed of at least 0.90, less than 150 MB wanted)`,
  );
  const memory = peakMemoryMb === null ? 'unknown' : `${Math.round(peakMemoryMb)} MB`;
  print(
    [[ms(bareMs), ms(exportMs), speed.toFixed(2), memory]],
    ['mysql2', 'export_csv', 'speed', 'peak memory'],
  );
  if (!peer) return;
  console.log(`\nOver MCP on stdio, one client (speed above 1.00 wanted)`);
  print(
    [{ query: 'start and SELECT 1', ...peer.start }, ...peer.rows].map((row) => [
      row.query,
      ms(row.peerMs),
      ms(row.ownMs),
      row.speed.toFixed(2),
    ]),
    ['query', peer.peer, 'patchbay', 'speed'],
  );
}

function print(rows: readonly (readonly string[])[], head: readonly string[]): void {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of [head, ...rows]) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(`  ${cells.join('  ')}`);
  }
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(3) : value.toFixed(0)} ms`;
}
