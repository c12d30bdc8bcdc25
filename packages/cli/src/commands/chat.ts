import type { CliArguments } from '../command-line/arguments.ts';
import { chat } from '../chat/chat.ts';
import { openConversation } from '../chat/open-conversation.ts';
import { Screen } from '../chat/screen.ts';
import { imageProtocol } from '../render/image.ts';
import { openSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { canMoveCursor, isInteractive } from '../terminal.ts';

/** A person sees which server is late and can wait; lines from a pipe would be answered without its tools. */
const LINES_START_LIMIT_MS = 10_000;

/** `patchbay`: a chat on the terminal, or over lines of input where there is none. */
export async function chatCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openSession(args, terminal);
  const screen = screenFor(args, terminal);
  await using conversation = await openConversation(session, screen, {
    ...args,
    signal: terminal.interrupted,
    ...(!isInteractive(terminal) && { startLimitMs: LINES_START_LIMIT_MS }),
  });
  return await chat(conversation, screen, terminal);
}

/** A terminal that cannot move its cursor, or a person who does not see it move, is only ever written on. */
function screenFor({ display, isDrawingImages }: CliArguments, terminal: Terminal): Screen {
  const { stdout, env } = terminal;
  const isLive = display === 'drawn' && canMoveCursor(terminal);
  const images = isDrawingImages ? imageProtocol(env) : undefined;
  return new Screen(stdout, { display, isLive, images, debugLog: terminal.debugLog });
}
