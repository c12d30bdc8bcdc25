import { resolve } from 'node:path';
import { printable, toMarkdown } from '@patchbay/core';
import { renderHistory } from '../../render/history.ts';
import { describeResumed, renderKept } from '../../render/kept.ts';
import { writeNewFile } from '../../write-new-file.ts';
import type { Conversation } from '../conversation.ts';
import type { ChatContext, SlashCommands } from './command.ts';

const NOT_KEPT = 'Nothing is kept: PATCHBAY_STATE is off, or there is no folder for it.';
const NOTHING_SAID = 'Nothing has been said yet.';
const MAX_LISTED = 10;

export const CONVERSATION_COMMANDS: SlashCommands = {
  '/history': { usage: '/history [n]', description: 'what was said; the last n requests', run: showHistory },
  '/clear': { usage: '/clear', description: 'begin a new conversation', run: clear },
  '/compact': { usage: '/compact', description: 'shorten what was said long ago', run: compact },
  '/save': { usage: '/save <name>', description: 'keep the conversation under a name', run: save },
  '/resume': {
    usage: '/resume [name]',
    description: 'go on with a conversation; without a name, the list',
    run: resume,
    complete: keptNames,
  },
  '/fork': { usage: '/fork', description: 'go on in a copy, and leave this one as it is', run: fork },
  '/export': {
    usage: '/export <file>',
    description: 'write the conversation as .md or .json',
    run: exportTo,
  },
};

async function keptNames({ session }: Conversation): Promise<readonly string[]> {
  return ((await session.conversations?.list()) ?? []).map(({ id }) => id);
}

function showHistory({ conversation, screen }: ChatContext, count: string): void {
  if (conversation.messages.length === 0) return screen.say(NOTHING_SAID);
  if (!/^\d*$/.test(count))
    return screen.say(`"${printable(count)}" is no number of requests; the last three: /history 3`);
  screen.line(renderHistory(conversation.messages, count === '' ? Infinity : Number(count), screen.style));
  return undefined;
}

async function clear({ conversation, screen }: ChatContext): Promise<void> {
  const { log } = conversation;
  const old = conversation.messages.length > 0 && log ? ` /resume ${log.id} brings it back.` : '';
  await conversation.clear();
  screen.say(`The conversation is forgotten.${old}`);
}

async function compact({ conversation, screen }: ChatContext): Promise<void> {
  const { before, after } = await conversation.compact();
  const said = `About ${before} tokens are now about ${after}.`;
  screen.say(before === after ? `The conversation is short enough: about ${before} tokens.` : said);
}

async function save({ conversation, screen }: ChatContext, name: string): Promise<void> {
  if (!conversation.log) return screen.say(NOT_KEPT);
  if (name === '')
    return screen.say(
      `It is kept as it grows, as ${conversation.log.id}. /save <name> gives it a name of yours.`,
    );
  if (conversation.messages.length === 0) return screen.say(NOTHING_SAID);
  await conversation.log.fork(name);
  return screen.say(`Kept as ${name}. To go on with it: /resume ${name}, or patchbay --resume ${name}`);
}

async function resume(context: ChatContext, name: string): Promise<void> {
  const { conversation, screen } = context;
  const { conversations } = conversation.session;
  if (!conversations || !conversation.log) return screen.say(NOT_KEPT);
  if (name === '') {
    const kept = (await conversations.list()).slice(0, MAX_LISTED);
    if (kept.length === 0) return screen.say('No conversation of this folder is kept yet.');
    const read = kept.map(async (each) => ({ ...each, messages: await conversations.read(each.id) }));
    for (const each of await Promise.all(read)) screen.say(renderKept(each, screen.style));
    return undefined;
  }
  conversation.resume(await conversations.read(name));
  await conversation.log.moveTo(name);
  screen.say(describeResumed(name, conversation.messages));
  return undefined;
}

async function fork({ conversation, screen }: ChatContext): Promise<void> {
  if (!conversation.log) return screen.say(NOT_KEPT);
  if (conversation.messages.length === 0) return screen.say(NOTHING_SAID);
  const from = conversation.log.id;
  await conversation.log.fork();
  screen.say(`Going on in ${conversation.log.id}; ${from} stays as it is.`);
}

async function exportTo({ conversation, screen, terminal }: ChatContext, file: string): Promise<void> {
  if (file === '') return screen.say('Give the name of a file: /export conversation.md');
  const { messages } = conversation;
  if (messages.length === 0) return screen.say('There is nothing to export yet.');
  const text = file.endsWith('.json')
    ? `${JSON.stringify({ messages }, undefined, 2)}\n`
    : toMarkdown(messages);
  await writeNewFile(resolve(terminal.cwd, file), text);
  screen.say(`Written to ${file}.`);
}
