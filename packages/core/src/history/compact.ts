import type { Message } from '../model/language-model.ts';
import { messageText, userMessage } from '../model/language-model.ts';
import type { ToolResult } from '../tools.ts';
import { outcomeText } from '../tools.ts';

/** Characters a token has on average in English text. Enough to decide when to cut; the provider does the counting. */
const CHARS_PER_TOKEN = 4;
const MAX_SUMMARY_CHARS = 200;

/** A request of the user with all that belongs to it: calls, results, the answer. Nothing cuts inside one. */
export type Exchange = readonly Message[];

export function toExchanges(messages: readonly Message[]): Exchange[] {
  const exchanges: Message[][] = [];
  for (const message of messages) {
    if (message.role === 'user' || exchanges.length === 0) exchanges.push([]);
    exchanges.at(-1)?.push(message);
  }
  return exchanges;
}

/** How many tokens a conversation takes, roughly. */
export function estimateTokens(messages: readonly Message[]): number {
  return Math.ceil(messages.reduce((sum, message) => sum + messageChars(message), 0) / CHARS_PER_TOKEN);
}

/**
 * A conversation that fits into `maxTokens`, as far as can be: the oldest exchanges are replaced by one message that says
 * in a line each what was asked, which tools were used and what was answered. The last exchange always stays; if it is
 * too long by itself, its results are left out, the oldest first, all but those of its last turn. What fits already comes
 * back as it is.
 */
export function compactHistory(messages: readonly Message[], maxTokens: number): readonly Message[] {
  const cut = cutHistory(messages, maxTokens);
  if (cut.old.length === 0) return cut.recent;
  const lines = cut.old.map((exchange) => `- ${summarise(exchange)}`);
  return [earlier(lines.join('\n')), ...cut.recent];
}

/** The oldest exchanges, which have no room in `maxTokens` besides a line each, and the messages that have. */
export function cutHistory(
  messages: readonly Message[],
  maxTokens: number,
): { readonly old: readonly Exchange[]; readonly recent: readonly Message[] } {
  if (estimateTokens(messages) <= maxTokens) return { old: [], recent: messages };
  const exchanges = toExchanges(messages);
  const lines = exchanges.map((exchange) => summarise(exchange).length + LINE_CHARS);
  for (let first = 1; first < exchanges.length; first += 1) {
    const recent = exchanges.slice(first).flat();
    const summary = lines.slice(0, first).reduce((sum, chars) => sum + chars, FRAME_CHARS) / CHARS_PER_TOKEN;
    if (summary + estimateTokens(recent) <= maxTokens) return { old: exchanges.slice(0, first), recent };
  }
  const old = exchanges.slice(0, -1);
  const room =
    maxTokens - lines.slice(0, -1).reduce((sum, chars) => sum + chars, FRAME_CHARS) / CHARS_PER_TOKEN;
  return { old, recent: withoutOldResults(exchanges.at(-1) ?? [], room) };
}

/** What stands in place of exchanges that have been cut. */
export function earlier(summary: string): Message {
  return userMessage(`[Earlier in this conversation, shortened:\n${summary}\n]`);
}

/** What a line of the summary has besides its text, and the message that holds them. */
const LINE_CHARS = '- \n'.length;
const FRAME_CHARS = estimateTokens([earlier('')]) * CHARS_PER_TOKEN;

/** A call keeps its result, as every provider wants it; only what the result says goes. */
function withoutOldResults(exchange: Exchange, maxTokens: number): Exchange {
  const messages = [...exchange];
  const last = messages.findLastIndex(({ role }) => role === 'tool');
  for (const [index, message] of messages.entries()) {
    if (estimateTokens(messages) <= maxTokens || index >= last) break;
    if (message.role !== 'tool') continue;
    messages[index] = { role: 'tool', results: message.results.map(leftOut) };
  }
  return messages;
}

function leftOut(result: ToolResult): ToolResult {
  const text = `[Left out to save room: ${outcomeText(result).length} characters. Call the tool again if it is needed.]`;
  const { callId, name, isError } = result;
  return text.length < outcomeText(result).length
    ? { callId, name, isError, content: [{ type: 'text', text }] }
    : result;
}

/** An exchange in one line. */
function summarise(exchange: Exchange): string {
  const asked = exchange
    .flatMap((message) => (message.role === 'user' ? [messageText(message)] : []))
    .join(' ');
  const tools = exchange.flatMap((message) =>
    message.role === 'tool' ? message.results.map(({ name }) => name) : [],
  );
  const answer = exchange.findLast((message) => message.role === 'assistant' && message.text !== '');
  const said = answer?.role === 'assistant' ? answer.text : 'nothing';
  const used = tools.length > 0 ? `; tools: ${[...new Set(tools)].join(', ')}` : '';
  return `asked: ${shortened(asked)}${used}; answered: ${shortened(said)}`;
}

function shortened(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > MAX_SUMMARY_CHARS ? `${flat.slice(0, MAX_SUMMARY_CHARS - 1)}…` : flat;
}

function messageChars(message: Message): number {
  switch (message.role) {
    case 'user':
      return messageText(message).length;
    case 'assistant':
      return (
        message.text.length +
        message.toolCalls.reduce((sum, call) => sum + call.name.length + call.argumentsJson.length, 0)
      );
    case 'tool':
      return message.results.reduce((sum, result) => sum + outcomeText(result).length, 0);
    default:
      return message satisfies never;
  }
}
