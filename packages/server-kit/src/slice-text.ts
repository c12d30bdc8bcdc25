import { ToolError } from './errors.ts';

/** How far back a cut may move to fall between two words or lines: in characters, and as a share of the piece. */
const MAX_SLACK = 200;
const SLACK_SHARE = 0.2;

/** A piece of a text, and where the rest begins. */
export interface TextPiece {
  readonly text: string;
  /** Undefined when there is no more. */
  readonly nextOffset: number | undefined;
}

/**
 * At most `maxChars` (UTF-16 code units) of the text from `offset`, cut between lines or words where one ends nearby, and
 * never within a character. The pieces from one `nextOffset` to the next join to the text.
 *
 * @throws {ToolError} `OFFSET` when the text ends before `offset`.
 */
export function sliceText(
  text: string,
  { offset, maxChars }: { readonly offset: number; readonly maxChars: number },
): TextPiece {
  if (offset > text.length) {
    throw new ToolError('OFFSET', `The text ends at ${text.length}, before ${offset}`, {
      hint: 'Use the next_offset of the last answer.',
    });
  }
  const start = isInsidePair(text, offset) ? offset - 1 : offset;
  if (start + maxChars >= text.length) return { text: text.slice(start), nextOffset: undefined };
  const end = cutBefore(text, { start, limit: start + maxChars });
  return { text: text.slice(start, end), nextOffset: end };
}

function cutBefore(text: string, { start, limit }: { start: number; limit: number }): number {
  const earliest = limit - Math.min(MAX_SLACK, (limit - start) * SLACK_SHARE);
  for (const mark of ['\n', ' ']) {
    const at = text.lastIndexOf(mark, limit - 1);
    if (at + 1 >= earliest) return at + 1;
  }
  // A half character at the start would never be passed otherwise.
  return isInsidePair(text, limit) && limit - 1 > start ? limit - 1 : limit;
}

/** Whether a cut here would split a character that takes two code units. */
function isInsidePair(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  const before = text.charCodeAt(index - 1);
  return unit >= 0xdc_00 && unit <= 0xdf_ff && before >= 0xd8_00 && before <= 0xdb_ff;
}
