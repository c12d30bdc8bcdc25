import type { CutResult, RunEvent } from '@patchbay/core';
import { outcomeText, printable } from '@patchbay/core';
import type { Style } from './style.ts';
import { clipped, fit, widthOf, wrapped } from './width.ts';

const MAX_ARGUMENT_CHARS = 80;
const MAX_RESULT_LINES = 6;
const MAX_RESULT_CHARS = 400;
/** How far what goes on is set in. */
const INDENT = 5;

/** What is said of a result without content. */
export const NOTHING = '(an empty result: the tool finished and returned no content)';

type ToolResultEvent = Extract<RunEvent, { type: 'tool-result' }>;

/** `● math › multiply(a=17, b=23)  7 ms` and its result below, bounded; an error is shown whole. */
export function renderCall({ tool, args, result, ms, cut }: ToolResultEvent, style: Style): string {
  const { signs, columns } = style;
  const paint = result.isError ? style.bad : style.good;
  const mark = result.isError ? signs.failed : signs.called;
  const what = tool ? renderTarget(tool.server, tool.tool, style) : printable(result.name);
  // Two lines of a terminal, however much was given: /last shows all of it.
  const room = 2 * columns - widthOf(` ${mark} ${what}()  ${ms} ms`) - INDENT;
  const shownArgs = clipped(renderArguments(args), Math.max(room, columns / 2));
  const head = wrapped(` ${mark} ${what}(${shownArgs})  ${ms}\u00A0ms`, { columns, indent: INDENT })
    .replace(mark, paint(mark))
    .replace(what, () => style.strong(what))
    .replace(/[^ ]+$/, style.dim(`${ms} ms`));
  const text = printable(outcomeText(result)).trimEnd();
  const body = text === '' ? NOTHING : result.isError ? text : shortened(text);
  const [first = '', ...others] = body.split('\n');
  const lines = [`   ${signs.result} ${first}`, ...others.map((line) => ' '.repeat(INDENT) + line)];
  const below = lines.flatMap((line) => wrapped(line, { columns, indent: INDENT }).split('\n'));
  const shown = below.map((line) => (result.isError ? style.bad(line) : style.dim(line)));
  return [head, ...shown, ...(cut ? renderCut(cut, style) : [])].join('\n');
}

const count = (n: number): string => n.toLocaleString('en');

/** How much of a long result the model has, and where all of it is. */
function renderCut({ chars, givenChars, path }: CutResult, { signs, columns }: Style): string[] {
  const where =
    path === undefined
      ? 'It could not be kept in a file: the model can read on in it while this program runs.'
      : `All of it: ${path}.`;
  return [
    `   ${signs.caution} ${count(chars)} characters; the model is given ${count(givenChars)} of them.`,
    `   ${signs.hint} ${where} Ask for fewer rows, or for an export.`,
  ].map((line) => wrapped(line, { columns, indent: INDENT }));
}

/** `math › multiply` */
export function renderTarget(server: string, tool: string, { signs }: Pick<Style, 'signs'>): string {
  return printable(`${server}${signs.within}${tool}`);
}

/** `a=17, key="magic"`: strings as JSON, so that what is text and what is not can be seen. */
function renderArguments(args: Readonly<Record<string, unknown>> = {}): string {
  return Object.entries(args)
    .map(
      ([name, value]) =>
        `${printable(name)}=${clipped(printable(JSON.stringify(value)), MAX_ARGUMENT_CHARS)}`,
    )
    .join(', ');
}

/** Whole lines as long as they fit; of a first line that does not, its beginning. */
function shortened(text: string): string {
  const lines = text.split('\n');
  const shown: string[] = [];
  let chars = 0;
  for (const line of lines.slice(0, MAX_RESULT_LINES)) {
    chars += line.length;
    if (chars > MAX_RESULT_CHARS && shown.length > 0) break;
    shown.push(line.length > MAX_RESULT_CHARS ? `${fit(line, MAX_RESULT_CHARS)}…` : line);
  }
  const hidden = lines.length - shown.length;
  if (hidden > 0) shown.push(`… ${hidden} more line${hidden === 1 ? '' : 's'}`);
  return shown.join('\n');
}
