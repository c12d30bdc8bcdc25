import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ToolError } from './errors.ts';

/** The input by which a tool that lists in pages goes on: its `cursor`. */
export const cursorInput: z.ZodOptional<z.ZodString> = z
  .string()
  .min(1)
  .max(2000)
  .optional()
  .describe('next_cursor of the last answer, with the same other arguments');

/** Where such a tool's next page begins: its `next_cursor`. */
export const nextCursorOutput: z.ZodOptional<z.ZodString> = z
  .string()
  .optional()
  .describe('Where to go on; absent at the end');

/** Length of the check before a position, in characters of base64url. */
const CHECK_LENGTH = 8;

/** Cursors of one list: positions in it as a client gets them and sends them back. */
export interface Cursors {
  /**
   * The position behind which the page begins. Without a cursor that is the start, `undefined`.
   *
   * @throws {ToolError} `INVALID_CURSOR` for one that {@link Cursors.write} did not write for this list.
   */
  read(cursor: string | undefined): string | undefined;
  /** The cursor of a position; without one, at the end, there is none. */
  write(position: string | undefined): string | undefined;
}

/**
 * Cursors of the list that `query` stands for: the tool and all arguments that decide what is listed, in what order. The
 * position is readable in them, as models copy words with fewer mistakes than digits; a check in front of it ties it to
 * the query, so that a changed cursor, and that of another list, is refused. It keeps nobody from making one up: what a
 * position leads to has to be open to whoever may list.
 */
export function cursorsOf(query: readonly unknown[]): Cursors {
  const write = (position: string): string => {
    const hash = createHash('sha256').update(JSON.stringify([query, position]));
    return `${hash.digest('base64url').slice(0, CHECK_LENGTH)}:${position}`;
  };
  return {
    read(cursor) {
      if (cursor === undefined) return undefined;
      const position = cursor.slice(CHECK_LENGTH + 1);
      if (write(position) === cursor) return position;
      throw new ToolError('INVALID_CURSOR', 'The cursor is not one that was given for these arguments', {
        hint: 'Send next_cursor as it came, with the same other arguments; leave it out to begin at the start.',
      });
    },
    write: (position) => (position === undefined ? undefined : write(position)),
  };
}
