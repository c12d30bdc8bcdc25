import { renderFinding, renderFindings } from '../../render/finding.ts';
import type { Finding } from '../../doctor/finding.ts';
import { untilAborted } from '../../until-aborted.ts';
import type { ChatContext } from './command.ts';

/** What `patchbay doctor` says, in the chat: its servers are started apart from those of the chat. */
export async function examine(context: ChatContext): Promise<void> {
  // A server that does not come up is waited for, which nobody has to.
  await untilAborted(report(context), context.signal);
}

async function report({ conversation, screen, signal, terminal }: ChatContext): Promise<void> {
  const { examineAll } = await import('../../doctor/examine-all.ts');
  const { configName } = conversation.session;
  const all: Finding[] = [];
  for await (const finding of examineAll({ config: configName, model: conversation.wantedModel }, terminal)) {
    signal.throwIfAborted();
    all.push(finding);
    screen.say(renderFinding(finding, screen.style));
  }
  screen.say(renderFindings(all));
}
