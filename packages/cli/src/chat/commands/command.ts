import type { Conversation } from '../conversation.ts';
import type { LineEditor } from '../line-editor.ts';
import type { Terminal } from '../../terminal.ts';
import type { Screen } from '../screen.ts';
import type { ServerWatch } from '../server-watch.ts';

/** What a slash command works with. */
export interface ChatContext {
  readonly conversation: Conversation;
  readonly screen: Screen;
  /** The user's keyboard; absent where lines come from a pipe. */
  readonly editor?: LineEditor;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
  /** Tells how servers are, once for each change. */
  readonly watch: ServerWatch;
}

interface SlashCommand {
  readonly usage: string;
  readonly description: string;
  run(context: ChatContext, argument: string): void | Promise<void>;
  /** What its argument may be. */
  complete?(conversation: Conversation, signal: AbortSignal): readonly string[] | Promise<readonly string[]>;
}

export type SlashCommands = Readonly<Record<string, SlashCommand>>;
