import type { Cell } from './database.ts';

/** A compact Markdown table for the model to read. */
export function markdownTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  let text = `${line(header)}\n|${' --- |'.repeat(header.length)}`;
  // One text that grows makes less garbage than one for each row beside it.
  for (const row of rows) text += `\n${line(row)}`;
  return text;
}

function line(cells: readonly Cell[]): string {
  let text = '|';
  for (const cell of cells) text += ` ${toText(cell)} |`;
  return text;
}

function toText(cell: Cell): string {
  if (cell === null) return 'NULL';
  if (typeof cell !== 'string' || !/[\\|\r\n]/.test(cell)) return String(cell);
  return cell
    .replaceAll('\\', '\\\\')
    .replaceAll('|', String.raw`\|`)
    .replaceAll(/\r\n|\r|\n/g, '<br>');
}
