import type { ContentPart, LanguageModel, Message, Usage } from '@patchbay/core';
import { addUsage, compactHistory, estimateTokens, repairHistory } from '@patchbay/core';
import type { AskSummary } from '../ask.ts';
import { ask } from '../ask.ts';
import { Cancelled } from '../cancelled.ts';
import { renderFooter } from '../render/footer.ts';
import { TurnWriter } from '../render/turn-writer.ts';
import type { Session } from '../session.ts';
import type { KeptConversation } from '../kept-conversation.ts';
import type { KeptLog } from './kept-log.ts';
import type { Screen } from './screen.ts';
import { tellError } from './tell-error.ts';

/** What `/compact` shortens a conversation to, in tokens as {@link estimateTokens} counts them. */
const COMPACT_TOKENS = 4000;

/** A history that every provider accepts, whatever became of a request: what took place is kept, what was cut is closed. */
export class Conversation implements AsyncDisposable {
  readonly session: Session;
  /** What answers the next request. */
  model: LanguageModel;
  /** Where it is written down; absent where nothing is kept. */
  readonly log: KeptLog | undefined;
  /** What the latest request that was answered came to. */
  last: AskSummary | undefined;
  /** Tokens of all requests together. */
  usage: Usage | undefined;
  #history: readonly Message[] = [];
  #attached: ContentPart[] = [];

  constructor(session: Session, model: LanguageModel, { log, messages }: KeptConversation) {
    this.session = session;
    this.model = model;
    this.log = log;
    this.#history = messages;
  }

  /** The model as `--model` takes it. */
  get wantedModel(): string {
    const { id } = this.model;
    return id.startsWith('offline/') ? 'offline' : id;
  }

  get messages(): readonly Message[] {
    return this.#history;
  }

  /** Goes with the next request. */
  attach(parts: readonly ContentPart[]): void {
    this.#attached.push(...parts);
  }

  /** Answers one request and writes it as it comes. A failure is written too, and gives `undefined`. */
  answer(text: string, screen: Screen, signal: AbortSignal): Promise<AskSummary | undefined> {
    const content: ContentPart[] = [{ type: 'text', text }, ...this.#attached];
    this.#attached = [];
    return this.answerTo([{ role: 'user', content }], screen, signal);
  }

  /** Answers messages of which the last is the user's. */
  async answerTo(
    messages: readonly Message[],
    screen: Screen,
    signal: AbortSignal,
  ): Promise<AskSummary | undefined> {
    using writer = new TurnWriter(screen);
    const before = [...this.#history, ...messages];
    const added: Message[] = [];
    const { session, model } = this;
    try {
      const summary = await ask({ session, model, messages: before, signal }, async (event) => {
        if (event.type === 'message-added') {
          for (const message of added.length === 0 ? messages : []) await this.log?.append(message);
          await this.log?.append(event.message);
          added.push(event.message);
        }
        await writer.show(event);
      });
      this.last = summary;
      this.usage = this.usage ? addUsage(this.usage, summary.usage) : summary.usage;
      screen.say(screen.style.dim(`   ${renderFooter(summary, screen.style)}`));
      return summary;
    } catch (error) {
      writer.endText();
      if (error instanceof Cancelled) {
        const { signs } = screen.style;
        screen.say(`${signs.stopped} ${error.message} The servers are still connected.`);
      } else tellError(error, screen);
      return undefined;
    } finally {
      // A request that failed before anything was said or done leaves nothing; one that was cut later, what it did.
      if (added.length > 0) this.#history = repairHistory([...before, ...added]);
    }
  }

  /** Begins anew. What was said stays in its file. */
  async clear(): Promise<void> {
    this.#history = [];
    await this.log?.begin();
  }

  /** Goes on with what was said elsewhere. */
  resume(messages: readonly Message[]): void {
    this.#history = messages;
  }

  /** Replaces the oldest exchanges by a line each. Returns how many tokens there were and are, roughly. */
  async compact(): Promise<{ readonly before: number; readonly after: number }> {
    const before = estimateTokens(this.#history);
    const shorter = compactHistory(this.#history, COMPACT_TOKENS);
    // The whole of it stays in its file.
    if (shorter !== this.#history) await this.log?.begin(shorter);
    this.#history = shorter;
    return { before, after: estimateTokens(this.#history) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.log?.[Symbol.asyncDispose]();
  }
}
