import type { CliArguments } from '../command-line/arguments.ts';
import { openSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { isInteractive } from '../terminal.ts';
import { chat } from './chat.ts';
import { openConversation } from './open-conversation.ts';
import type { Screen } from './screen.ts';

/** A person sees which server is late and can wait; lines from a pipe would be answered without its tools. */
const LINES_START_LIMIT_MS = 10_000;

export interface ConverseOptions {
  readonly args: CliArguments;
  readonly screen: Screen;
  /** What of the banner is on the screen already. */
  readonly begun: string;
}

/** A whole chat, from its banner to its exit code. */
export async function converse(
  { args, screen, begun }: ConverseOptions,
  terminal: Terminal,
): Promise<number> {
  await using session = await openSession(args, terminal);
  await using conversation = await openConversation(session, screen, {
    ...args,
    begun,
    signal: terminal.interrupted,
    ...(!isInteractive(terminal) && { startLimitMs: LINES_START_LIMIT_MS }),
  });
  return await chat(conversation, screen, terminal);
}
