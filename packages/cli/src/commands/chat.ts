import type { CliArguments } from '../command-line/arguments.ts';
import { chat } from '../chat/chat.ts';
import { openConversation } from '../chat/open-conversation.ts';
import { Screen } from '../chat/screen.ts';
import { openSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';

/** `patchbay`: a chat on the terminal, or over lines of input where there is none. */
export async function chatCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openSession(args, terminal);
  const screen = new Screen(terminal.stdout, { isLive: isDrawn(args, terminal) });
  await using conversation = await openConversation(session, screen, args);
  return await chat(conversation, screen, terminal);
}

/** A terminal that cannot move its cursor, or a person who does not see it move, is only ever written on. */
function isDrawn({ display }: CliArguments, { env }: Terminal): boolean {
  return display === 'drawn' && env['TERM'] !== 'dumb';
}
