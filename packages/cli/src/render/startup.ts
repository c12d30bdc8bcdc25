import type { LanguageModel, LocalServer, ServerStatus } from '@patchbay/core';
import { printable } from '@patchbay/core';
import type { Style } from './style.ts';

export function renderBanner(
  { version, model, source }: { version: string; model: LanguageModel; source: string },
  style: Style,
): string {
  return `${style.strong(`patchbay ${version}`)}   model: ${model.label}   config: ${source}`;
}

/** One line as a server settles, and what is wrong below it, with what to do. */
export function renderServer(status: ServerStatus, width: number, style: Style): string {
  const { unmatchedTools } = status;
  const head = renderState(status, width, style);
  if (unmatchedTools.length === 0) return head;
  const names = unmatchedTools.map((name) => printable(name)).join(', ');
  return `${head}\n${' '.repeat(width + 4)}→ it has no tool that "tools" in its configuration calls: ${names}`;
}

function renderState({ server, state, tools }: ServerStatus, width: number, style: Style): string {
  const name = printable(server).padEnd(width);
  const count = `${tools.length} ${tools.length === 1 ? 'tool ' : 'tools'}`.padStart(8);
  switch (state.kind) {
    case 'ready':
      return ` ${style.good('✓')} ${name} ${count} ${style.dim(`${state.startMs} ms`.padStart(8))}`;
    case 'degraded':
      return ` ${style.bad('!')} ${name} ${count}   in doubt: ${state.reason}`;
    case 'idle':
      return ` ${style.dim('·')} ${name} ${count}   ${style.dim('starts when it is needed')}`;
    case 'connecting':
      return ` ${style.dim('…')} ${name}   still starting`;
    case 'down': {
      const hint = state.hint === undefined ? '' : `\n${' '.repeat(width + 4)}→ ${state.hint}`;
      return ` ${style.bad('✗')} ${name}   failed: ${state.reason}${hint}`;
    }
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

export function renderReadiness(servers: readonly ServerStatus[]): string {
  if (servers.length === 0)
    return 'There are no servers, so the model has no tools. Add one under "mcpServers".';
  const ready = servers.filter(({ state: { kind } }) => kind !== 'down' && kind !== 'connecting').length;
  const tools = servers.reduce((sum, status) => sum + status.tools.length, 0);
  const none = ready === 0 ? ' The model has nothing to work with.' : '';
  return `${ready} of ${servers.length} servers ready, ${tools} tools.${none}`;
}
