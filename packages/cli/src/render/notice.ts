import type { RunEvent } from '@patchbay/core';
import { printable } from '@patchbay/core';
import type { Style } from './style.ts';

/** What a request tells of itself besides text and calls: a retry, a limit, a tool left out, an answer that was cut. `undefined` for other events. */
export function renderNotice(event: RunEvent, { signs }: Pick<Style, 'signs'>): string | undefined {
  if (event.type === 'retry') {
    const { reason, waitMs, attempt, maxRetries } = event;
    const seconds = (waitMs / 1000).toFixed(waitMs < 10_000 ? 1 : 0);
    return `${printable(reason)}\n  ${signs.next} trying again in ${seconds} s (${attempt} of ${maxRetries}); Ctrl-C stops`;
  }
  if (event.type === 'limit-reached') {
    return `Stopped: ${describeLimit(event)}. Asking for a last answer without tools.`;
  }
  if (event.type === 'answer-cut') {
    return `The answer is not whole: it has reached the most tokens that the model may write at once.\n  ${signs.hint} Ask it to go on, or for less at once.`;
  }
  if (event.type === 'tool-left-out') {
    return `The model does without ${printable(event.tool)}: ${printable(event.reason)}`;
  }
  return undefined;
}

function describeLimit({ limit, value }: Extract<RunEvent, { type: 'limit-reached' }>): string {
  switch (limit) {
    case 'turns':
      return `${value} turns with tool calls`;
    case 'calls':
      return `${value} tool calls`;
    case 'time':
      return `${value / 1000} s`;
    case 'tokens':
      return `${value} tokens`;
    case 'repetition':
      return `the same call gave the same result more than ${value} times`;
    default:
      return limit satisfies never;
  }
}
