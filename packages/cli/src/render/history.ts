import type { Message } from '@patchbay/core';
import { messageText, outcomeText, printable } from '@patchbay/core';
import type { Style } from './style.ts';
import { clipped } from './width.ts';

const MAX_RESULT_CHARS = 120;

/** The last `count` requests of a conversation with what came of them, results in a line each. */
export function renderHistory(messages: readonly Message[], count: number, style: Style): string {
  const starts = messages.flatMap(({ role }, index) => (role === 'user' ? [index] : []));
  const from = starts.at(-Math.max(1, count || 1)) ?? 0;
  return messages
    .slice(Number.isFinite(count) ? from : 0)
    .flatMap((message) => renderMessage(message, style))
    .join('\n');
}

function renderMessage(message: Message, style: Style): string[] {
  switch (message.role) {
    case 'user':
      return [`${style.strong(style.signs.you)} ${printable(messageText(message))}`];
    case 'assistant':
      return [
        ...(message.text === '' ? [] : [printable(message.text).trimEnd()]),
        ...message.toolCalls.map(({ name, argumentsJson }) =>
          style.dim(` ${style.signs.called} ${printable(`${name}(${argumentsJson})`)}`),
        ),
      ];
    case 'tool':
      return message.results.map((result) =>
        style.dim(`   ${style.signs.result} ${oneLine(outcomeText(result))}`),
      );
    default:
      return message satisfies never;
  }
}

function oneLine(text: string): string {
  const flat = printable(text).replaceAll(/\s+/g, ' ').trim();
  return clipped(flat, MAX_RESULT_CHARS);
}
