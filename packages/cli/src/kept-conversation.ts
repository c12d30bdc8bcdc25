import type { Message } from '@patchbay/core';
import { PatchbayError } from '@patchbay/core';
import { KeptLog } from './chat/kept-log.ts';
import type { CliArguments } from './command-line/arguments.ts';
import type { Session } from './session.ts';

export interface KeptConversation {
  /** Where it is written down; absent where nothing is kept. */
  readonly log: KeptLog | undefined;
  /** What was said in it before. */
  readonly messages: readonly Message[];
}

/**
 * The conversation that `--continue` or `--resume` asks for, or a new one.
 *
 * @throws {PatchbayError} when there is no such conversation.
 */
export async function openKept(
  { conversations, notKept }: Pick<Session, 'conversations' | 'notKept'>,
  { isContinuing, resume }: Pick<CliArguments, 'isContinuing' | 'resume'>,
): Promise<KeptConversation> {
  const log = conversations && new KeptLog(conversations, notKept);
  if (!isContinuing && resume === undefined) return { log, messages: [] };
  if (!conversations || !log) {
    throw new PatchbayError('CONFIG_NOT_FOUND', 'Conversations are not kept here', {
      hint: 'PATCHBAY_STATE is off, or there is no folder for it. --data-dir <folder> names one.',
    });
  }
  const id = resume ?? (await conversations.list())[0]?.id;
  if (id === undefined) {
    throw new PatchbayError('CONFIG_NOT_FOUND', 'There is no conversation of this folder to go on with', {
      hint: 'Begin one: leave --continue away.',
    });
  }
  const messages = await conversations.read(id);
  await log.moveTo(id);
  return { log, messages };
}
