import type { PromptDefinition, PromptMessage } from '@patchbay/core';
import { PatchbayError, printable } from '@patchbay/core';
import { promptUsage } from '../chat/commands/library.ts';
import type { CliArguments } from '../command-line/arguments.ts';
import { EXIT } from '../exit-code.ts';
import { nameWidth, renderServer } from '../render/startup.ts';
import type { Style } from '../render/style.ts';
import { styleFor } from '../render/style.ts';
import type { Session } from '../session.ts';
import { openSession } from '../session.ts';
import { startAllServers, startNamedServer } from '../started-server.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';
import { readAssignments } from '../tool-arguments.ts';

/** `patchbay prompts`: the prompts of all servers, or the messages of one. */
export async function promptsCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openSession(args, terminal);
  const [target, ...words] = args.rest;
  if (target === undefined) return await listAll(session, args, terminal);

  const { server, rest: prompt } = await startNamedServer(session.host, target, '.');
  const { library } = session.host;
  const { items } = await library.listPrompts(terminal.interrupted);
  if (!items.some((each) => each.prompt === prompt)) {
    throw new PatchbayError('TOOL_NOT_FOUND', `${server} has no prompt "${prompt}"`, {
      hint: `It has: ${items.map((each) => each.prompt).join(', ') || 'none'}.`,
    });
  }
  const given = readAssignments(words.join(' '));
  const messages = await library.getPrompt({ server, prompt }, given, terminal.interrupted);
  if (args.output === 'json') lineOfJson(terminal.stdout, messages);
  else for (const message of messages) line(terminal.stdout, render(message));
  return EXIT.ok;
}

async function listAll(
  { host }: Session,
  { output, display }: CliArguments,
  { stdout, stderr, interrupted }: Terminal,
): Promise<number> {
  const width = nameWidth(host.servers());
  await startAllServers(host, (status) =>
    line(stderr, renderServer(status, width, styleFor(stderr, display))),
  );
  const { items, failures } = await host.library.listPrompts(interrupted);
  const style = styleFor(stdout, display);
  if (output === 'json') lineOfJson(stdout, items);
  else for (const prompt of items) line(stdout, renderPrompt(prompt, style));
  for (const { server, reason } of failures) line(stderr, `${server} could not be asked: ${reason}`);
  return EXIT.ok;
}

function renderPrompt(prompt: PromptDefinition, style: Style): string {
  const name = promptUsage(prompt).slice(1).replace(`${prompt.server}:`, `${prompt.server}.`);
  return `${style.strong(name)}  ${style.dim(printable(prompt.description ?? ''))}`;
}

function render({ role, content }: PromptMessage): string {
  const text = content.type === 'text' ? content.text : `[${content.type}]`;
  return `${role}: ${printable(text)}`;
}
