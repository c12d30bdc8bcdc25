import { renderFinding, renderFindings } from '../../render/finding.ts';
import type { Finding } from '../../doctor/finding.ts';
import type { ChatContext } from './command.ts';

/** What `patchbay doctor` says, in the chat: its servers are started apart from those of the chat. */
export async function examine({ conversation, screen, signal, terminal }: ChatContext): Promise<void> {
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
