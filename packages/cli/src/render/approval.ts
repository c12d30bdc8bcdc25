import type { ToolDefinition } from '@patchbay/core';
import { bounded, printable } from '@patchbay/core';
import { renderTarget } from './call.ts';
import type { Style } from './style.ts';

const MAX_ARGUMENT_CHARS = 2000;
/** A window where the choices do not fit into a line. */
const NARROW = 84;

/** What is asked before a tool runs: on its last line the choices. The arguments are what is agreed to: `d` shows what was cut. */
export function renderApproval(
  { server, tool }: ToolDefinition,
  argumentsJson: string,
  style: Style,
): string {
  const { signs, columns } = style;
  const args = renderAgreed(argumentsJson);
  const words = ['yes once', 'always this tool', 'server always', 'no, and why'];
  if (isCut(argumentsJson)) words.splice(3, 0, 'details');
  const choices = words.map((word) => renderChoice(word, style));
  const ask =
    columns < NARROW
      ? `   ${choices.join('\n   ')}\n   ${signs.answer} `
      : `   ${choices.join('  ')} ${signs.answer} `;
  const what = style.strong(renderTarget(server, tool, style));
  return ` ${signs.question} ${what} wants to run\n${indented(bounded(args, MAX_ARGUMENT_CHARS))}\n${ask}`;
}

/** `[y]es [n]o ›` */
export function renderYesNo(style: Pick<Style, 'signs'>): string {
  return `${renderChoice('yes', style)} ${renderChoice('no', style)} ${style.signs.answer}`;
}

/** `[y]es`: what the first letter stands for. */
function renderChoice(word: string, { signs }: Pick<Style, 'signs'>): string {
  const [letter = ''] = word;
  return signs.hasBrackets ? `[${letter}]${word.slice(1)}` : `${letter}: ${word}`;
}

/** Whether {@link renderApproval} leaves some of the arguments out. */
export function isCut(argumentsJson: string): boolean {
  return renderAgreed(argumentsJson).length > MAX_ARGUMENT_CHARS;
}

/** All of the arguments. */
export function renderApprovalDetails(argumentsJson: string): string {
  return indented(renderAgreed(argumentsJson));
}

/** One argument a line; a text of several lines as it is, set in, so that code and queries can be read. */
function renderAgreed(argumentsJson: string): string {
  const args = parsed(argumentsJson);
  if (args === undefined) return printable(argumentsJson);
  const lines = Object.entries(args).map(([name, value]) => {
    const isText = typeof value === 'string' && value.includes('\n');
    return isText ? `${name}:\n  ${value.replaceAll('\n', '\n  ')}` : `${name} = ${JSON.stringify(value)}`;
  });
  return lines.length === 0 ? '(no arguments)' : printable(lines.join('\n'));
}

function parsed(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function indented(text: string): string {
  return `   ${text.replaceAll('\n', '\n   ')}`;
}
