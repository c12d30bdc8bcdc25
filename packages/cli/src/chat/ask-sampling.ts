import type { Sample, SamplingRequest } from '@patchbay/core';
import { bounded, printable, sampleWithModel } from '@patchbay/core';
import { renderYesNo } from '../render/approval.ts';
import type { Conversation } from './conversation.ts';
import type { LineEditor } from './line-editor.ts';
import type { Screen } from './screen.ts';

const MAX_SHOWN_CHARS = 1000;

/** Lets the model of the chat write what a server asks for, each time only with the user's yes: the tokens are the user's. */
export function sampleAt(editor: LineEditor, screen: Screen, conversation: Conversation): Sample {
  return (request, signal) => {
    const { model } = conversation;
    if (model.id.startsWith('offline/')) {
      return Promise.resolve({
        action: 'refuse',
        reason: 'there is no AI model here, only the offline planner',
      });
    }
    const sample = sampleWithModel({
      model,
      async approve(asked) {
        screen.line(
          ` ${screen.style.signs.question} ${screen.style.strong(printable(asked.server))} wants ${model.label} to write for it:`,
        );
        screen.line(`   ${bounded(lastWords(asked), MAX_SHOWN_CHARS).replaceAll('\n', '\n   ')}`);
        const answer = await editor.ask(`   With your tokens. ${renderYesNo(screen.style)} `, signal);
        const isYes = ['y', 'yes'].includes(answer.trim().toLowerCase());
        return isYes ? { allow: true } : { allow: false, reason: 'the user said no' };
      },
    });
    return sample(request, signal);
  };
}

/** What the server said last, which is what will be answered. */
function lastWords({ messages }: SamplingRequest): string {
  const parts = messages.at(-1)?.content ?? [];
  return parts.map((part) => (part.type === 'text' ? printable(part.text) : `[${part.type}]`)).join('\n');
}
