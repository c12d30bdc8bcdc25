import type { Message, PromptDefinition, PromptMessage } from '@patchbay/core';
import { PatchbayError, printable } from '@patchbay/core';
import { closest } from '../closest.ts';
import { readAssignments } from '../tool-arguments.ts';
import type { ChatContext } from './commands/command.ts';
import { promptUsage } from './commands/library.ts';

/** `/server:prompt name=value …`: fetches a prompt of a server and answers it. Asks for what is missing. */
export async function runPrompt(name: string, argument: string, context: ChatContext): Promise<void> {
  const { conversation, screen, signal } = context;
  const { library } = conversation.session.host;
  const { items } = await library.listPrompts(signal);
  const found = items.find(({ server, prompt }) => `${server}:${prompt}` === name);
  if (!found) {
    const names = items.map(({ server, prompt }) => `${server}:${prompt}`);
    const near = closest(name, names).map((each) => `/${each}`);
    throw new PatchbayError('TOOL_NOT_FOUND', `There is no prompt "${printable(name)}"`, {
      hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : '/prompts lists them.',
    });
  }
  const given = readAssignments(argument);
  refuseUnknown(found, Object.keys(given));
  const args = await completeArguments(found, given, context);
  const messages = (await library.getPrompt(found, args, signal)).map(toMessage);
  for (const message of messages) screen.line(screen.style.dim(printable(textOf(message))));
  if (messages.at(-1)?.role === 'user') await conversation.answerTo(messages, screen, signal);
  else conversation.resume([...conversation.messages, ...messages]);
}

/** A misspelt argument would be passed over, and the prompt be about something else. */
function refuseUnknown(prompt: PromptDefinition, names: readonly string[]): void {
  const unknown = names.find((name) => prompt.arguments.every((known) => known.name !== name));
  if (unknown === undefined) return;
  throw new PatchbayError('CONFIG_INVALID', `The prompt has no argument "${printable(unknown)}"`, {
    hint: `It is used so: ${promptUsage(prompt)}`,
  });
}

async function completeArguments(
  prompt: PromptDefinition,
  given: Readonly<Record<string, string>>,
  { editor, screen, signal }: ChatContext,
): Promise<Record<string, string>> {
  const args: Record<string, string> = { ...given };
  for (const { name, description = '', isRequired } of prompt.arguments) {
    if (!isRequired || args[name] !== undefined) continue;
    if (!editor) {
      throw new PatchbayError('CONFIG_INVALID', `The prompt needs "${printable(name)}"`, {
        hint: promptUsage(prompt),
      });
    }
    const about = description === '' ? '' : ` (${description})`;
    args[name] = await editor.ask(`   ${printable(name)}${about} ${screen.style.signs.answer} `, signal);
  }
  return args;
}

function toMessage({ role, content }: PromptMessage): Message {
  if (role === 'user') return { role, content: [content] };
  return { role, text: content.type === 'text' ? content.text : '', toolCalls: [] };
}

function textOf(message: Message): string {
  if (message.role === 'assistant') return message.text;
  const parts = message.role === 'user' ? message.content : [];
  return parts.map((part) => (part.type === 'text' ? part.text : `[image ${part.mimeType}]`)).join('\n');
}
