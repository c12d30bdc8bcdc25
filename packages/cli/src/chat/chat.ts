import { createInterface } from 'node:readline';
import { EXIT } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { isInteractive } from '../terminal.ts';
import type { Conversation } from './conversation.ts';
import { handleInput, isFarewell } from './handle-input.ts';
import type { Screen } from './screen.ts';
import { ServerWatch } from './server-watch.ts';
import { chatAtTerminal } from './terminal-chat.ts';

/**
 * Answers requests until the input ends: typed on a terminal, or lines that come from a pipe, of which the last is
 * answered before the end is taken for one.
 */
export function chat(conversation: Conversation, screen: Screen, terminal: Terminal): Promise<number> {
  return isInteractive(terminal)
    ? chatAtTerminal(conversation, screen, terminal)
    : chatOverLines(conversation, screen, terminal);
}

async function chatOverLines(
  conversation: Conversation,
  screen: Screen,
  terminal: Terminal,
): Promise<number> {
  const { stdin, interrupted } = terminal;
  const watch = new ServerWatch(conversation.session.host, screen);
  const over = new AbortController();
  const watching = watch.follow(over.signal);
  const input = createInterface({ input: stdin, terminal: false });
  interrupted.addEventListener('abort', () => input.close());
  for await (const line of input) {
    const text = line.trimEnd();
    if (isFarewell(text)) break;
    await handleInput(text, { conversation, screen, signal: interrupted, terminal, watch });
  }
  input.close();
  over.abort();
  await watching;
  return interrupted.aborted ? EXIT.interrupted : EXIT.ok;
}
