import type { Conversation } from './conversation.ts';
import { resourceNames } from './commands/library.ts';
import { SLASH_COMMANDS } from './slash-commands.ts';

/** A server that takes longer to say what there is completes nothing. */
const LOOK_UP_MS = 1500;

/** What a completion is looked up in. */
interface LookUp {
  readonly conversation: Conversation;
  readonly signal: AbortSignal;
}

/** Gives what the end of `line` may be completed to, and that end. */
export type Complete = (line: string) => Promise<[found: string[], end: string]>;

/** Completes commands and their arguments, prompts and their arguments, and resources behind an `@`. */
export function completerOf(conversation: Conversation): Complete {
  return async (line) => {
    const end = line.slice(line.lastIndexOf(' ') + 1);
    const signal = AbortSignal.timeout(LOOK_UP_MS);
    const candidates = await candidatesFor(line, end, { conversation, signal }).catch(() => []);
    return [candidates.filter((each) => each.startsWith(end)), end];
  };
}

async function candidatesFor(
  line: string,
  end: string,
  { conversation, signal }: LookUp,
): Promise<readonly string[]> {
  if (end.startsWith('@')) return (await resourceNames(conversation, signal)).map((name) => `@${name}`);
  const [name = ''] = line.split(' ');
  if (!name.startsWith('/')) return [];
  if (end !== line) {
    if (name.includes(':')) return promptArguments(name.slice(1), end, { conversation, signal });
    return (await SLASH_COMMANDS[name]?.complete?.(conversation, signal)) ?? [];
  }
  const commands = Object.keys(SLASH_COMMANDS);
  // Servers are asked only when a command of ours is not meant.
  if (commands.some((command) => command.startsWith(name))) return commands.map((command) => `${command} `);
  const { items } = await conversation.session.host.library.listPrompts(signal);
  return items.map(({ server, prompt }) => `/${server}:${prompt} `);
}

/** `name=` for what a prompt takes, and the values that its server suggests behind it. */
async function promptArguments(
  name: string,
  end: string,
  { conversation, signal }: LookUp,
): Promise<readonly string[]> {
  const { library } = conversation.session.host;
  const { items } = await library.listPrompts(signal);
  const prompt = items.find((each) => `${each.server}:${each.prompt}` === name);
  if (!prompt) return [];
  const equals = end.indexOf('=');
  if (equals === -1) return prompt.arguments.map((argument) => `${argument.name}=`);
  const argument = end.slice(0, equals);
  const values = await library.complete(prompt, { argument, value: end.slice(equals + 1) }, signal);
  return values.map((value) => `${argument}=${value}`);
}
