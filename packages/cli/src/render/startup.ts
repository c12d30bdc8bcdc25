import type { LanguageModel, LocalServer, ServerStatus } from '@patchbay/core';
import { printable } from '@patchbay/core';
import { renderName } from './name.ts';
import type { Style } from './style.ts';
import { wrapped } from './width.ts';

export function renderBanner(
  { model, source }: { model: LanguageModel; source: string },
  style: Style,
): string {
  const text = `${renderName(style)}   model: ${model.label}   config: ${source}`;
  return wrapped(text, { columns: style.columns, indent: 2 });
}

/** One line as a server settles, and what is wrong below it, with what to do. */
export function renderServer(status: ServerStatus, width: number, style: Style): string {
  const { unmatchedTools } = status;
  const indent = width + 4;
  const lines = [renderState(status, width, style)];
  const hint = hintOf(status.state);
  if (hint !== undefined) lines.push(`${' '.repeat(indent)}${style.signs.hint} ${hint}`);
  if (unmatchedTools.length > 0) {
    const names = unmatchedTools.map((name) => printable(name)).join(', ');
    const what = `it has no tool that "tools" in its configuration calls: ${names}`;
    lines.push(`${' '.repeat(indent)}${style.signs.hint} ${what}`);
  }
  const { columns } = style;
  return lines.map((line) => wrapped(line, { columns, indent: indent + 2 })).join('\n');
}

function hintOf(state: ServerStatus['state']): string | undefined {
  return state.kind === 'down' ? state.hint : undefined;
}

function renderState({ server, state, tools }: ServerStatus, width: number, style: Style): string {
  const name = printable(server).padEnd(width);
  const count = `${tools.length} ${tools.length === 1 ? 'tool ' : 'tools'}`.padStart(8);
  const { signs } = style;
  switch (state.kind) {
    case 'ready':
      return ` ${style.good(signs.ok)} ${name} ${count} ${style.dim(`${state.startMs} ms`.padStart(8))}`;
    case 'degraded':
      return ` ${style.bad(signs.caution)} ${name} ${count}   in doubt: ${state.reason}`;
    case 'idle':
      return ` ${style.dim(signs.idle)} ${name} ${count}   ${style.dim('starts when it is needed')}`;
    case 'connecting':
      return ` ${style.dim(signs.waiting)} ${name}   still starting`;
    case 'down':
      return ` ${style.bad(signs.failed)} ${name}   failed: ${state.reason}`;
    default:
      return state satisfies never;
  }
}

/** A model server that could be used instead of the planner. It is suggested, never switched to. */
export function renderLocalServer({ label, models }: LocalServer): string {
  const [first = ''] = models;
  const more = models.length > 1 ? ` (and ${models.length - 1} more)` : '';
  return `Found ${label} with ${printable(first)}${more}. To use it: --model ${printable(first)}`;
}

/** How wide the column of names has to be. */
export function nameWidth(servers: readonly ServerStatus[]): number {
  return Math.max(0, ...servers.map(({ server }) => server.length));
}

const ADD_ONE = 'Add one: patchbay server add math -- npx -y @patchbay/server-math';

export function renderReadiness(servers: readonly ServerStatus[], source: string): string {
  if (servers.length === 0) return `No servers in ${source}, so the model has no tools. ${ADD_ONE}`;
  const ready = servers.filter(({ state: { kind } }) => kind !== 'down' && kind !== 'connecting').length;
  const tools = servers.reduce((sum, status) => sum + status.tools.length, 0);
  const none = ready === 0 ? ' The model has nothing to work with.' : '';
  return `${ready} of ${servers.length} servers ready, ${tools} tool${tools === 1 ? '' : 's'}.${none}`;
}
