import type { RunEvent } from '@patchbay/core';
import { printable, userMessage } from '@patchbay/core';
import type { CliArguments } from '../command-line/arguments.ts';
import type { AskOptions, AskSummary } from '../ask.ts';
import { ask } from '../ask.ts';
import { EXIT } from '../exit-code.ts';
import { renderCall } from '../render/call.ts';
import { renderFooter } from '../render/footer.ts';
import { eventJson, initJson, serverJson, summaryJson, toolJson } from '../render/json.ts';
import { renderError } from '../render/error.ts';
import { renderNotice } from '../render/notice.ts';
import type { Style } from '../render/style.ts';
import { styleFor } from '../render/style.ts';
import { openCommandSession } from '../session.ts';
import { openKept } from '../kept-conversation.ts';
import { readPiped, withPiped } from '../piped-input.ts';
import { startForCommand } from '../startup.ts';
import { allServersUp, strictVerdict } from '../strict.ts';
import { systemPrompt } from '../system-prompt.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';

/** A first start downloads packages, but a server that never answers must not hold up a request for long. */
const START_LIMIT_MS = 10_000;

/** `patchbay -p "…"`: the answer alone on stdout, all else on stderr. What is piped in goes with the request. */
export async function askCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openCommandSession(args, terminal);
  const { stdout, stderr } = terminal;
  const style = styleFor(stderr, args.display);
  session.notKept.tellThrough((error) => line(stderr, renderError(error, style)));
  const { model, note } = session.chooseModel();
  if (note !== undefined) line(stderr, note);
  // Who wants every server waits for as long as it may take to start.
  const limitMs = args.isStrict ? undefined : START_LIMIT_MS;
  const [request] = await Promise.all([
    readPiped(terminal).then((text) => withPiped(args.prompt, text)),
    session.isDelegating ? undefined : startForCommand(session, args, { terminal, limitMs }),
  ]);
  if (args.isStrict) allServersUp(session.host.servers());
  const kept = await openKept(session, args);
  await using log = kept.log;
  const asked = userMessage(request);
  const messages = [...kept.messages, asked];
  if (args.isDryRun) {
    line(stdout, JSON.stringify(requestJson({ session, model, messages }), undefined, 2));
    return EXIT.ok;
  }

  const isStream = args.output === 'stream-json';
  if (isStream) lineOfJson(stdout, initJson(model, session.host.servers()));
  let isBegun = false;
  const summary = await ask({ session, model, messages, signal: terminal.interrupted }, async (event) => {
    const json = isStream ? eventJson(event) : undefined;
    if (json) lineOfJson(stdout, json);
    showProgress(event, terminal, style);
    if (event.type !== 'message-added') return;
    if (!isBegun) await log?.append(asked);
    isBegun = true;
    await log?.append(event.message);
  });
  printSummary(summary, args.output, terminal);
  if (summary.answer.trim() === '') line(stderr, 'The model ended without an answer.');
  line(stderr, style.dim(renderFooter(summary, style)));
  return exitCode(summary, args, terminal);
}

function exitCode(summary: AskSummary, { isStrict }: CliArguments, { stderr }: Terminal): number {
  const { code, why } = strictVerdict(summary);
  if (isStrict && why !== undefined) line(stderr, `--strict: ${why}`);
  // That the limit of turns was reached is told in any case.
  return isStrict || summary.stop === 'limit' ? code : EXIT.ok;
}

/** What would be sent, as `--dry-run` shows it. */
function requestJson({
  session,
  model,
  messages,
}: Pick<AskOptions, 'session' | 'model' | 'messages'>): object {
  const { host } = session;
  const tools = session.offer(model).listTools();
  return {
    model: { id: model.id, label: model.label },
    servers: host.servers().map(serverJson),
    system: systemPrompt(host.servers()),
    messages,
    tools: tools.map(toolJson),
  };
}

function showProgress(event: RunEvent, { stderr }: Terminal, style: Style): void {
  if (event.type === 'tool-result') line(stderr, renderCall(event, style));
  const notice = renderNotice(event, style);
  if (notice !== undefined) line(stderr, notice);
}

function printSummary(summary: AskSummary, output: CliArguments['output'], { stdout }: Terminal): void {
  switch (output) {
    case 'text':
      return line(stdout, printable(summary.answer).trim());
    case 'json':
      return lineOfJson(stdout, summaryJson(summary));
    case 'stream-json':
      return lineOfJson(stdout, { type: 'result', ...summaryJson(summary) });
    default:
      return output satisfies never;
  }
}
