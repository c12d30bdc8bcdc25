import type { Usage } from '@patchbay/core';
import type { AskSummary } from '../ask.ts';
import type { Style } from './style.ts';

/** `2 tools · 2 servers · 0.2 s · 310 + 42 tokens · anthropic/claude-sonnet-5-5` */
export function renderFooter(
  { calls, usage, ms, model }: Pick<AskSummary, 'calls' | 'usage' | 'ms' | 'model'>,
  { signs }: Pick<Style, 'signs'>,
): string {
  const servers = new Set(calls.map((call) => call.server)).size;
  const tokens = usage.inputTokens + usage.outputTokens;
  return [
    count(calls.length, 'tool call'),
    ...(servers > 0 ? [count(servers, 'server')] : []),
    `${(ms / 1000).toFixed(1)} s`,
    ...(tokens > 0 ? [renderTokens(usage)] : []),
    model.label,
  ].join(signs.between);
}

/** `310 + 42 tokens, 200 cached, cost 0.0123`: what went in and what came out. Prices have no currency of their own. */
export function renderTokens({ inputTokens, outputTokens, cachedInputTokens, cost }: Usage): string {
  const cached = cachedInputTokens === undefined ? '' : `, ${cachedInputTokens} cached`;
  const price = cost === undefined ? '' : `, cost ${cost.toPrecision(3)}`;
  return `${inputTokens} + ${outputTokens} tokens${cached}${price}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
