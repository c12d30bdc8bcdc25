import type { Comparison, Row } from './compare.ts';

/** A comparison as a Markdown table, which reads well enough in a terminal. */
export function toTable({ workload, title, metric, repetitions, bestPeer, rows }: Comparison): string {
  const others = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))].filter(
    (name) => name !== metric && name !== 'processMs' && name !== 'count',
  );
  const head = ['', metric, ...others, '× limit', '× sdk-v1', `× ${bestPeer ?? 'best peer'}`];
  const body = rows.map((row) => [row.subject, ...cells(row, [metric, ...others])]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...body].map((line) => line[column]?.length ?? 0)),
  );
  const line = (cellsOfLine: readonly string[]): string =>
    `| ${widths.map((width, column) => pad(cellsOfLine[column] ?? '', column === 0 ? -width : width)).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => `${'-'.repeat(width + 1)}${column === 0 ? '-' : ':'}`).join('|')}|`;
  const failures = rows.flatMap(({ subject, failure }) =>
    failure === undefined ? [] : [`${subject} fails: \`${failure}\``],
  );
  const notes = failures.length === 0 ? [] : ['', ...failures];
  return [
    `**${workload}** ${title} (${repetitions} ×)`,
    '',
    line(head),
    rule,
    ...body.map(line),
    ...notes,
  ].join('\n');
}

/** How Patchbay does on each workload: its ratios, and who is the best of the others. */
export function toSummary(comparisons: readonly Comparison[]): string {
  const lines = comparisons.flatMap(({ workload, title, metric, bestPeer = '', rows }) =>
    rows
      .filter(({ subject }) => subject.startsWith('patchbay'))
      .map((row) => [workload, title, row.subject, ...cells(row, [metric]), row.toBestPeer ? bestPeer : '']),
  );
  const head = ['', 'workload', '', 'figure', '× limit', '× sdk-v1', '× best peer', 'which is'];
  return [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function cells(row: Row, names: readonly string[]): string[] {
  const figures = names.map((name) => figure(row.figures[name]));
  if (row.failure !== undefined && figures[0] === '') return ['fails'];
  const ratios = [row.toLimit, row.toFloor, row.toBestPeer].map((value) => value?.toFixed(2) ?? '');
  return [...figures, ...ratios];
}

function figure(value: number | undefined): string {
  return value === undefined ? '' : value.toPrecision(value >= 1000 ? 4 : 3);
}

function pad(text: string, width: number): string {
  return width < 0 ? text.padEnd(-width) : text.padStart(width);
}
