import { copyFile, constants, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConversationLog, Message, Redactor } from '@patchbay/core';
import { fileNotWritten, openConversationLog, PatchbayError, readConversationLog } from '@patchbay/core';

const SUFFIX = '.jsonl';
const NAME = /^[\w][\w.-]{0,63}$/;

/** A conversation that is kept, by the name of its file. */
export interface KeptConversation {
  readonly id: string;
  /** When something was last said in it, in milliseconds since 1970. */
  readonly at: number;
}

/** The conversations of one project, each in a file of its own. */
export class ConversationStore {
  readonly #folder: string;
  readonly #redact: Redactor;

  constructor(folder: string, redact: Redactor) {
    this.#folder = folder;
    this.#redact = redact;
  }

  /** All that are kept, the latest first. */
  async list(): Promise<readonly KeptConversation[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const kept = await Promise.all(
      names
        .filter((name) => name.endsWith(SUFFIX))
        .map(async (name) => {
          const { mtimeMs } = await stat(join(this.#folder, name));
          return { id: name.slice(0, -SUFFIX.length), at: mtimeMs };
        }),
    );
    return kept.toSorted((one, other) => other.at - one.at || (one.id < other.id ? 1 : -1));
  }

  /** What was said in one, in a state that every provider accepts. @throws {PatchbayError} when there is none. */
  async read(id: string): Promise<readonly Message[]> {
    try {
      return await readConversationLog(this.path(id));
    } catch (cause) {
      const ids = (await this.list()).slice(0, 5).map((kept) => kept.id);
      throw new PatchbayError('CONFIG_NOT_FOUND', `There is no conversation "${id}" of this folder`, {
        hint: ids.length > 0 ? `The latest are: ${ids.join(', ')}.` : 'None is kept yet.',
        cause,
      });
    }
  }

  /** Opens one to be added to; it is made when it is missing. */
  open(id: string): Promise<ConversationLog> {
    return openConversationLog(this.path(id), this.#redact);
  }

  /** Copies one under another name. @throws {PatchbayError} when that name is taken, or none. */
  async copy(from: string, to: string): Promise<void> {
    try {
      await copyFile(this.path(from), this.path(to), constants.COPYFILE_EXCL);
    } catch (cause) {
      if (!hasCode(cause, 'EEXIST'))
        throw fileNotWritten(this.path(to), cause, 'The conversation goes on, under its old name.');
      throw new PatchbayError('CONFIG_INVALID', `There is a conversation "${to}" already`, {
        hint: `Take another name. /resume ${to} goes on with that one.`,
        cause,
      });
    }
  }

  /** The file of one. @throws {PatchbayError} when that cannot be a name. */
  path(id: string): string {
    if (NAME.test(id)) return join(this.#folder, id + SUFFIX);
    throw new PatchbayError('CONFIG_INVALID', `"${id}" cannot be the name of a conversation`, {
      hint: 'Letters, digits, "-", "_" and ".", at most 64.',
    });
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
