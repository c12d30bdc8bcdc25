import type { RunEvent } from '@patchbay/core';
import { printable, userMessage } from '@patchbay/core';
import type { CliArguments } from '../arguments.ts';
import type { AskSummary } from '../ask.ts';
import { ask } from '../ask.ts';
import { EXIT } from '../exit-code.ts';
import { renderCall } from '../render/call.ts';
import { renderFooter } from '../render/footer.ts';
import { eventJson, initJson, summaryJson } from '../render/json.ts';
import { renderNotice } from '../render/notice.ts';
import { nameWidth, renderReadiness, renderServer } from '../render/startup.ts';
import type { Style } from '../render/style.ts';
import { styleFor } from '../render/style.ts';
import type { Session } from '../session.ts';
import { openSession } from '../session.ts';
import { startServers } from '../startup.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';

/** A first start downloads packages, but a server that never answers must not hold up a request for long. */
const START_LIMIT_MS = 10_000;

/** `patchbay -p "…"`: the answer alone on stdout, all else on stderr. */
export async function askCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openSession(args, terminal);
  const style = styleFor(terminal.stderr);
  const { model, note } = session.chooseModel();
  if (note !== undefined) line(terminal.stderr, note);
  if (session.host.servers().length === 0) line(terminal.stderr, renderReadiness([]));
  if (!session.isDelegating) await startAll(session, terminal, style);

  const isStream = args.output === 'stream-json';
  if (isStream) lineOfJson(terminal.stdout, initJson(model, session.host.servers()));
  const request = { session, model, messages: [userMessage(args.prompt)], signal: terminal.interrupted };
  const summary = await ask(request, (event) => {
    const json = isStream ? eventJson(event) : undefined;
    if (json) lineOfJson(terminal.stdout, json);
    showProgress(event, terminal, style);
  });
  printSummary(summary, args.output, terminal);
  if (summary.answer.trim() === '') line(terminal.stderr, 'The model ended without an answer.');
  line(terminal.stderr, style.dim(renderFooter(summary)));
  return summary.stop === 'answered' ? EXIT.ok : EXIT.limit;
}

async function startAll({ host }: Session, { stderr }: Terminal, style: Style): Promise<void> {
  const width = nameWidth(host.servers());
  const pending = await startServers(host, {
    limitMs: START_LIMIT_MS,
    onSettled: (status) => {
      if (status.state.kind === 'down') line(stderr, renderServer(status, width, style));
    },
  });
  for (const status of pending) line(stderr, renderServer(status, width, style));
}

function showProgress(event: RunEvent, { stderr }: Terminal, style: Style): void {
  if (event.type === 'tool-result') line(stderr, renderCall(event, style));
  const notice = renderNotice(event);
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
