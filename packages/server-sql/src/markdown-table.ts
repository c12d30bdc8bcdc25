import type { Cell } from './database.ts';

/** A compact Markdown table for the model to read. */
export function markdownTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [line(header), `|${' --- |'.repeat(header.length)}`, ...rows.map(line)].join('\n');
}

function line(cells: readonly Cell[]): string {
  return `| ${cells.map(toText).join(' | ')} |`;
}

function toText(cell: Cell): string {
  if (cell === null) return 'NULL';
  if (typeof cell !== 'string' || !/[\\|\r\n]/.test(cell)) return String(cell);
  return cell
    .replaceAll('\\', '\\\\')
    .replaceAll('|', String.raw`\|`)
    .replaceAll(/\r\n|\r|\n/g, '<br>');
}
