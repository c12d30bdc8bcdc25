import type { PromptMessage } from '@patchbay/core';
import { PatchbayError, printable } from '@patchbay/core';
import { promptUsage } from '../chat/commands/library.ts';
import type { CliArguments } from '../command-line/arguments.ts';
import { EXIT } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { openCommandSession } from '../session.ts';
import { startNamedServer } from '../started-server.ts';
import { startForCommand } from '../startup.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';
import { readAssignments } from '../tool-arguments.ts';
import type { ListingOutput } from './print-listing.ts';
import { printListing } from './print-listing.ts';

/** `patchbay prompts`: the prompts of all servers, or the messages of one. */
export async function promptsCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openCommandSession(args, terminal);
  const { stdout, interrupted } = terminal;
  const [target, ...words] = args.rest;
  if (target === undefined) {
    await startForCommand(session, args, { terminal });
    printListing(await listAll(session, interrupted), args, terminal);
    return EXIT.ok;
  }
  const { server, rest: prompt } = await startNamedServer(
    session.host,
    { target, separator: '.' },
    interrupted,
  );
  const { library } = session.host;
  const { items } = await library.listPrompts(interrupted);
  if (!items.some((each) => each.prompt === prompt)) {
    throw new PatchbayError('TOOL_NOT_FOUND', `${server} has no prompt "${prompt}"`, {
      hint: `It has: ${items.map((each) => each.prompt).join(', ') || 'none'}.`,
    });
  }
  const given = readAssignments(words.join(' '));
  const messages = await library.getPrompt({ server, prompt }, given, interrupted);
  if (args.output === 'json') lineOfJson(stdout, messages);
  else for (const message of messages) line(stdout, render(message));
  return EXIT.ok;
}

async function listAll({ host }: Session, signal: AbortSignal): Promise<ListingOutput> {
  const { items, failures } = await host.library.listPrompts(signal);
  const rows = items.map((prompt) => ({
    name: promptUsage(prompt).slice(1).replace(`${prompt.server}:`, `${prompt.server}.`),
    about: prompt.description ?? '',
  }));
  return { json: items, rows, failures, none: 'No server has prompts.' };
}

function render({ role, content }: PromptMessage): string {
  const text = content.type === 'text' ? content.text : `[${content.type}]`;
  return `${role}: ${printable(text)}`;
}
