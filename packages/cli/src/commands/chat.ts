import type { CliArguments } from '../arguments.ts';
import { chat } from '../chat/chat.ts';
import { openConversation } from '../chat/open-conversation.ts';
import { Screen } from '../chat/screen.ts';
import { openSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';

/** `patchbay`: a chat on the terminal, or over lines of input where there is none. */
export async function chatCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openSession(args, terminal);
  const screen = new Screen(terminal.stdout, { isLive: terminal.env['TERM'] !== 'dumb' });
  await using conversation = await openConversation(session, screen);
  return await chat(conversation, screen, terminal);
}
