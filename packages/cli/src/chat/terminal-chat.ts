import { EXIT } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { approveAt } from './ask-approval.ts';
import { elicitAt } from './ask-elicitation.ts';
import { sampleAt } from './ask-sampling.ts';
import { completerOf } from './completion.ts';
import type { Conversation } from './conversation.ts';
import { handleInput, isFarewell } from './handle-input.ts';
import { LineEditor } from './line-editor.ts';
import type { Screen } from './screen.ts';
import { ServerWatch } from './server-watch.ts';

/** A second Ctrl-C within this time quits. */
const QUIT_WITHIN_MS = 2000;

/** A chat with a person. Ctrl-C cancels the running request and keeps servers and history; at the prompt, twice, it quits. */
export async function chatAtTerminal(
  conversation: Conversation,
  screen: Screen,
  terminal: Terminal,
): Promise<number> {
  const { session } = conversation;
  const over = new AbortController();
  let request: AbortController | undefined;
  let lastInterruptAt = -QUIT_WITHIN_MS;
  const quit = new AbortController();

  const onInterrupt = (wasEmpty: boolean): void => {
    const now = performance.now();
    const isSecond = now - lastInterruptAt < QUIT_WITHIN_MS;
    const isForText = !request && !wasEmpty;
    lastInterruptAt = isForText ? -QUIT_WITHIN_MS : now;
    if (isForText) return;
    request?.abort();
    if (isSecond) return quit.abort();
    if (!request) screen.say('(press Ctrl-C again to quit, or /quit)');
  };
  using editor = new LineEditor({
    terminal,
    screen,
    history: await session.inputHistory.load(),
    complete: completerOf(conversation),
    onInterrupt,
  });
  const ended = AbortSignal.any([quit.signal, terminal.interrupted]);
  ended.addEventListener('abort', () => {
    request?.abort();
    editor.close();
  });
  session.approvals.askThrough(approveAt(editor, screen));
  session.questions.askThrough(elicitAt(editor, screen), sampleAt(editor, screen, conversation));
  const watch = new ServerWatch(session.host, screen);
  const watching = watch.follow(over.signal);

  for (;;) {
    const text = (await editor.read(screen.style.strong(`${screen.style.signs.you} `)))?.trimEnd();
    if (text === undefined || isFarewell(text)) break;
    lastInterruptAt = -QUIT_WITHIN_MS;
    await session.inputHistory.add(text);
    request = new AbortController();
    const context = { conversation, screen, editor, signal: request.signal, terminal, watch };
    await handleInput(text, context);
    request = undefined;
  }
  over.abort();
  await watching;
  return ended.aborted ? EXIT.interrupted : EXIT.ok;
}
