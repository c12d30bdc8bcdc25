import type { ConversationLog, Message } from '@patchbay/core';
import { fileNotWritten } from '@patchbay/core';
import type { ConversationStore } from '../conversation-store.ts';
import { newId } from '../new-id.ts';
import type { NotKept } from '../not-kept.ts';

/**
 * Writes a conversation down as it grows: each message the moment it is known. A message that cannot be written ends
 * the writing, and is told once.
 */
export class KeptLog implements AsyncDisposable {
  /** The name under which the conversation is kept. */
  id: string;
  readonly #store: ConversationStore;
  readonly #notKept: NotKept;
  #log: ConversationLog | undefined;
  /** What stands in the conversation, but not yet in this file. */
  #missing: readonly Message[] = [];
  #hasFailed = false;

  constructor(store: ConversationStore, notKept: NotKept) {
    this.#store = store;
    this.#notKept = notKept;
    this.id = newId(new Date());
  }

  async append(message: Message): Promise<void> {
    const messages = [...this.#missing, message];
    this.#missing = [];
    if (this.#hasFailed) return;
    try {
      this.#log ??= await this.#store.open(this.id);
      for (const each of messages) await this.#log.append(each);
    } catch (error) {
      this.#hasFailed = true;
      this.#notKept.report('conversation', fileNotWritten(this.#store.path(this.id), error));
    }
  }

  /** Goes on in another file. `missing` is what has to come before anything that is added. */
  async moveTo(id: string, missing: readonly Message[] = []): Promise<void> {
    await this.#close();
    this.id = id;
    this.#missing = missing;
  }

  /** Goes on in a new file. */
  begin(missing: readonly Message[] = []): Promise<void> {
    return this.moveTo(newId(new Date()), missing);
  }

  /** Goes on in a copy; what was written so far stays as it is under its old name. */
  async fork(id: string = newId(new Date())): Promise<void> {
    await this.#store.copy(this.id, id);
    await this.moveTo(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  async #close(): Promise<void> {
    await this.#log?.[Symbol.asyncDispose]();
    this.#log = undefined;
  }
}
