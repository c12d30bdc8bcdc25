import type { Message } from '@patchbay/core';
import { messageText, printable } from '@patchbay/core';
import type { KeptConversation } from '../conversation-store.ts';
import type { Style } from './style.ts';

const MAX_TITLE_CHARS = 60;

/** A conversation in a list: its name, when something was last said, and how it began. */
export function renderKept(
  { id, at, messages }: KeptConversation & { readonly messages: readonly Message[] },
  style: Style,
): string {
  // The Swedish way to write a time is ISO 8601 in local time.
  const time = new Date(at).toLocaleString('sv-SE').slice(0, 16);
  const first = messages.find((message) => message.role === 'user');
  const title = first ? printable(messageText(first)).replaceAll(/\s+/g, ' ') : '';
  return `  ${style.strong(id)}  ${style.dim(time)}  ${title.slice(0, MAX_TITLE_CHARS)}`;
}

/** `Going on with 20261120-…: 3 requests. The last: …` */
export function describeResumed(name: string, messages: readonly Message[]): string {
  const requests = messages.filter(({ role }) => role === 'user').length;
  return `Going on with ${name}: ${requests} request${requests === 1 ? '' : 's'} so far. /history shows them.`;
}
