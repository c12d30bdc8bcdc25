import type { Cell, Column } from './database.ts';

/** How rows are written as text. One for each file: it may remember the columns. */
export interface RowFormat {
  head(columns: readonly Column[]): string;
  /** `index` counts from 0. */
  record(cells: readonly Cell[], index: number): string;
  readonly tail: string;
}

/** An array with an object for each row, one a line. A value is what `query` would show of it, so that none is rounded. */
export function jsonFormat(): RowFormat {
  let keys: readonly string[] = [];
  return {
    head(columns) {
      keys = uniqueNames(columns).map((name) => JSON.stringify(name));
      return '[';
    },
    record(cells, index) {
      const members = keys.map((key, column) => `${key}:${JSON.stringify(cells[column] ?? null)}`);
      return `${index === 0 ? '' : ','}\n{${members.join(',')}}`;
    },
    tail: '\n]\n',
  };
}

/** Two columns of one name both survive: `id` and `id_2`. Names differ in more than upper and lower case. */
export function uniqueNames(columns: readonly Column[]): readonly string[] {
  const taken = new Set<string>();
  return columns.map(({ name }) => {
    let free = name;
    for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${name}_${number}`;
    taken.add(free.toLowerCase());
    return free;
  });
}
