import { PatchbayError } from '../errors.ts';

/** Keys and indexes that lead to a value. */
export type ValuePath = readonly (string | number)[];

/** A text that was read, and where in it everything stands. */
export interface ParsedText {
  readonly value: unknown;
  /** `file:line:column` of the value at `path`, or of the nearest thing around it, counted from 1. */
  readonly at: (path: ValuePath) => string;
}

/** A name that stands for two things, told with both places. */
export function definedTwice(name: string, places: { first: string; second: string }): PatchbayError {
  return new PatchbayError(
    'CONFIG_INVALID',
    `${places.second}: "${name}" is defined twice, first at ${places.first}`,
    {
      hint: 'Rename or remove one: a server name is also the prefix of its tools.',
    },
  );
}
