import type { ToolDefinition } from '@patchbay/core';
import { printable } from '@patchbay/core';
import type { Style } from './style.ts';

const MAX_DESCRIPTION_CHARS = 100;

/** `math.multiply  Multiplies two numbers…`: the name as `patchbay call` takes it, and the beginning of what it does. */
export function renderTool({ name, server, tool, description = '' }: ToolDefinition, style: Style): string {
  const [first = ''] = printable(description).split('\n');
  const shown =
    first.length > MAX_DESCRIPTION_CHARS ? `${first.slice(0, MAX_DESCRIPTION_CHARS - 1)}…` : first;
  // Providers take only some names: a name that had to be changed is told, because the model speaks of it so.
  const changed = name === `${server}__${tool}` ? '' : ` (to models: ${name})`;
  return `${style.strong(printable(`${server}.${tool}`))}${changed}  ${style.dim(shown)}`;
}
