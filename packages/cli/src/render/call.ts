import type { RunEvent } from '@patchbay/core';
import { outcomeText, printable } from '@patchbay/core';
import type { Style } from './style.ts';

const MAX_ARGUMENT_CHARS = 80;
const MAX_RESULT_LINES = 6;
const MAX_RESULT_CHARS = 400;

const NOTHING = '(an empty result: the tool finished and returned no content)';

type ToolResultEvent = Extract<RunEvent, { type: 'tool-result' }>;

/** `● math › multiply(a=17, b=23)  7 ms` and its result below, bounded; an error is shown whole. */
export function renderCall({ tool, args, result, ms }: ToolResultEvent, style: Style): string {
  const what = tool ? `${printable(tool.server)} › ${printable(tool.tool)}` : printable(result.name);
  const mark = result.isError ? style.bad('✗') : style.good('●');
  const head = ` ${mark} ${style.strong(what)}(${renderArguments(args)})  ${style.dim(`${ms} ms`)}`;
  const text = printable(outcomeText(result)).trimEnd();
  const body = text === '' ? NOTHING : result.isError ? text : shortened(text);
  const [first = '', ...others] = body.split('\n');
  const lines = [`   └ ${first}`, ...others.map((line) => `     ${line}`)];
  return [head, ...lines.map((line) => (result.isError ? style.bad(line) : style.dim(line)))].join('\n');
}

/** `a=17, key="magic"`: strings as JSON, so that what is text and what is not can be seen. */
function renderArguments(args: Readonly<Record<string, unknown>> = {}): string {
  return Object.entries(args)
    .map(([name, value]) => `${printable(name)}=${clipped(printable(JSON.stringify(value)))}`)
    .join(', ');
}

function clipped(text: string): string {
  return text.length <= MAX_ARGUMENT_CHARS ? text : `${text.slice(0, MAX_ARGUMENT_CHARS - 1)}…`;
}

/** Whole lines as long as they fit; of a first line that does not, its beginning. */
function shortened(text: string): string {
  const lines = text.split('\n');
  const shown: string[] = [];
  let chars = 0;
  for (const line of lines.slice(0, MAX_RESULT_LINES)) {
    chars += line.length;
    if (chars > MAX_RESULT_CHARS && shown.length > 0) break;
    shown.push(line.length > MAX_RESULT_CHARS ? `${line.slice(0, MAX_RESULT_CHARS)}…` : line);
  }
  const hidden = lines.length - shown.length;
  if (hidden > 0) shown.push(`… ${hidden} more line${hidden === 1 ? '' : 's'}`);
  return shown.join('\n');
}
