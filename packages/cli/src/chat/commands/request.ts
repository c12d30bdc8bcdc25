import { errorMessage, plannerExamples, printable } from '@patchbay/core';
import { didYouMean } from '../../closest.ts';
import { NOTHING, renderTarget } from '../../render/call.ts';
import { renderTokens } from '../../render/footer.ts';
import type { Conversation } from '../conversation.ts';
import type { Screen } from '../screen.ts';
import type { ChatContext, SlashCommands } from './command.ts';

/** A provider that takes longer to list its models is not waited for. */
const LIST_LIMIT_MS = 5000;
const MAX_MODELS = 20;

const NO_REQUEST = 'Nothing has been asked yet.';

export const REQUEST_COMMANDS: SlashCommands = {
  '/model': {
    usage: '/model [provider/model]',
    description: 'what answers, and what could; another one',
    run: useModel,
    complete: modelNames,
  },
  '/approve': {
    usage: '/approve [name]',
    description: 'what may run unasked; more of it',
    run: approve,
    complete: toolNames,
  },
  '/last': { usage: '/last', description: 'the results of the last request, whole', run: showLast },
  '/trace': {
    usage: '/trace',
    description: 'the calls of the last request, with their times',
    run: showTrace,
  },
  '/usage': { usage: '/usage', description: 'tokens of the last request, and of all', run: showUsage },
  '/examples': { usage: '/examples', description: 'requests to try', run: showExamples },
};

/** What can be allowed: servers, and tools as `server/tool`. */
function toolNames({ session }: Conversation): readonly string[] {
  const tools = session.host.tools.listTools();
  return [...new Set(tools.flatMap(({ server, tool }) => [server, `${server}/${tool}`]))];
}

/** The models of the provider in use, as `/model` takes them. */
async function modelNames(
  { session, wantedModel }: Conversation,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { listModels } = session.chooseModel(wantedModel);
  return (await listModels?.(AbortSignal.any([signal, AbortSignal.timeout(LIST_LIMIT_MS)]))) ?? [];
}

async function showModels({ conversation, screen, signal }: ChatContext): Promise<void> {
  try {
    const names = (await modelNames(conversation, signal)).map((name) => printable(name));
    for (const name of names.slice(0, MAX_MODELS)) screen.say(`  ${name}`);
    if (names.length > MAX_MODELS)
      screen.say(`  … and ${names.length - MAX_MODELS} more; Tab completes them.`);
  } catch (error) {
    signal.throwIfAborted();
    screen.say(`  Its provider did not give its list of models: ${errorMessage(error)}`);
  }
}

async function useModel(context: ChatContext, wanted: string): Promise<void> {
  const { conversation, screen } = context;
  if (wanted === '') {
    const { id, label } = conversation.model;
    screen.say(id === label ? id : `${label}: ${id}`);
    await showModels(context);
    return screen.say('Another one: /model provider/model, such as anthropic, ollama/qwen3:8b or offline.');
  }
  const { model } = conversation.session.chooseModel(wanted);
  conversation.model = model;
  return screen.say(`From now on ${model.label} answers. The conversation goes on.`);
}

async function approve({ conversation, screen }: ChatContext, argument: string): Promise<void> {
  const { approvals } = conversation.session;
  const [word = '', name = ''] = argument.split(/\s+/);
  if (word === '') return showAllowed(approvals.allowed, screen);
  if (word === 'save') {
    const isKept = await approvals.save();
    return screen.say(isKept ? 'Kept for later sessions in this folder.' : 'There is no place to keep it.');
  }
  if (word === 'no') {
    const hint = didYouMean(name, approvals.allowed);
    return screen.say(approvals.disallow(name) ? `${name} asks again.` : `It was not allowed${hint || '.'}`);
  }
  const known = toolNames(conversation);
  if (!known.includes(word))
    return screen.say(
      `There is no "${printable(word)}"${didYouMean(word, known) || ': name a server, or a tool as server/tool.'}`,
    );
  approvals.allow(word);
  return screen.say(`${printable(word)} runs unasked from now on. /approve save keeps that.`);
}

function showAllowed(allowed: readonly string[], screen: Screen): void {
  screen.say(allowed.length === 0 ? 'Nothing is allowed beyond trusted reads.' : 'These run unasked:');
  for (const each of allowed) screen.say(`  ${printable(each)}`);
  screen.say('/approve server/tool allows more, /approve save keeps that, /approve no <name> ends it.');
}

function showLast({ conversation: { last }, screen }: ChatContext): void {
  if (!last) return screen.say(NO_REQUEST);
  if (last.calls.length === 0) return screen.say('The last request called no tool.');
  for (const { server, tool, arguments: args, result } of last.calls) {
    screen.line(
      screen.style.strong(printable(`${server}${screen.style.signs.within}${tool}(${JSON.stringify(args)})`)),
    );
    screen.line(printable(result).trimEnd() || NOTHING);
  }
  return undefined;
}

function showTrace({ conversation: { last }, screen }: ChatContext): void {
  if (!last) return screen.say(NO_REQUEST);
  const { style } = screen;
  const width = Math.max(
    0,
    ...last.calls.map(({ server, tool }) => `${server}${style.signs.within}${tool}`.length),
  );
  for (const [index, { server, tool, ms, isError, result }] of last.calls.entries()) {
    const mark = isError ? style.bad(style.signs.failed) : style.good(style.signs.called);
    const what = renderTarget(server, tool, style).padEnd(width);
    screen.say(` ${index + 1} ${mark} ${what} ${`${ms} ms`.padStart(9)}  ${result.length} characters`);
  }
  return screen.say(
    `   ${last.calls.length} call${last.calls.length === 1 ? '' : 's'} in ${(last.ms / 1000).toFixed(1)} s${style.signs.between}${last.model.label}`,
  );
}

function showUsage({ conversation: { last, usage }, screen }: ChatContext): void {
  if (!last) return screen.say(NO_REQUEST);
  screen.say(`  last request   ${renderTokens(last.usage)}`);
  return screen.say(`  all            ${renderTokens(usage ?? last.usage)}`);
}

function showExamples({ screen }: ChatContext): void {
  for (const example of [...plannerExamples('en'), ...plannerExamples('zh')]) screen.say(`  ${example}`);
}
