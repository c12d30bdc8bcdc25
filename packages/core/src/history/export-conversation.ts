import type { Message } from '../model/language-model.ts';
import { messageText } from '../model/language-model.ts';
import { outcomeText } from '../tools.ts';

/** The conversation as data: what {@link Message} says, in one JSON document with a line break here and there. */
export function toJson(messages: readonly Message[]): string {
  return `${JSON.stringify({ version: 1, messages }, undefined, 2)}\n`;
}

/** The conversation as a document for people: requests as headings, calls with their results, answers as they are. */
export function toMarkdown(messages: readonly Message[]): string {
  return `${messages.flatMap(toBlocks).join('\n\n')}\n`;
}

function toBlocks(message: Message): string[] {
  switch (message.role) {
    case 'user':
      return [`## ${messageText(message).replaceAll('\n', '\n> ')}`];
    case 'assistant':
      return [
        ...(message.text === '' ? [] : [message.text]),
        ...message.toolCalls.map(({ name, argumentsJson }) => `\`${name}(${argumentsJson})\``),
      ];
    case 'tool':
      return message.results.map((result) => fenced(outcomeText(result)));
    default:
      return message satisfies never;
  }
}

/** A fence longer than any in the text, so that the text cannot end it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
