import type { ToolDefinition } from '@patchbay/core';
import { printable } from '@patchbay/core';
import type { Style } from './style.ts';
import { clipped, widthOf } from './width.ts';

const MAX_DESCRIPTION_CHARS = 100;
/** Least room for a description beside the name, in columns; below it there is more. */
const MIN_DESCRIPTION = 30;
const INDENT = 6;

/** `math.multiply  Multiplies two numbers…`: the name as `patchbay call` takes it, and the beginning of what it does. */
export function renderTool({ name, server, tool, description = '' }: ToolDefinition, style: Style): string {
  const [first = ''] = printable(description).split('\n');
  // Providers take only some names: a name that had to be changed is told, because the model speaks of it so.
  const changed = name === `${server}__${tool}` ? '' : ` (to models: ${name})`;
  const known = printable(`${server}.${tool}`);
  const room = style.columns - widthOf(known + changed) - INDENT;
  const isBeside = room >= MIN_DESCRIPTION;
  const shown = clipped(first, Math.min(isBeside ? room : style.columns - INDENT, MAX_DESCRIPTION_CHARS));
  const gap = isBeside || shown === '' ? '  ' : `\n${' '.repeat(INDENT)}`;
  return `${style.strong(known)}${changed}${gap}${style.dim(shown)}`;
}
