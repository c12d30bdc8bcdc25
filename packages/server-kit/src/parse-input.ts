import type * as z from 'zod';
import { brokenTextIn } from './broken-text.ts';
import { ToolError } from './errors.ts';
import { nearest } from './nearest.ts';

/** What is told of arguments that a schema refuses: a list of ten thousand may be wrong at each place. */
const MAX_ISSUES = 8;
const MAX_ISSUE_CHARS = 500;

/** Longest unknown name that is compared with the known ones, in characters. */
const MAX_COMPARED_CHARS = 100;

/**
 * The arguments of a call as `schema` makes them. A name that it does not have is refused and never dropped: a model that
 * writes `limt` would take the answer for that of its `limit`.
 *
 * @throws {ToolError} `INVALID_INPUT`, with the first eight places that are wrong.
 */
export function parseInput<Input extends z.ZodObject>(schema: Input, args: unknown = {}): z.infer<Input> {
  const broken = brokenTextIn(args);
  if (broken !== undefined) {
    throw new ToolError('INVALID_INPUT', `${broken}: text cannot hold a NUL or half a character`, {
      hint: 'Send the text without it.',
    });
  }
  const unknown = unknownNames(schema, args);
  const parsed = schema.safeParse(args);
  if (parsed.success && unknown.length === 0) return parsed.data;
  const known = Object.keys(schema.shape);
  const issues = [
    ...unknown.map((name) => `${name}: ${unknownArgument(name, known)}`),
    ...(parsed.error?.issues ?? []).map(({ path, message }) =>
      path.length === 0 ? message : `${path.join('.')}: ${message}`,
    ),
  ];
  throw new ToolError('INVALID_INPUT', shortened(issues).join('; '), {
    hint:
      unknown.length === 0
        ? "See the tool's input schema."
        : `The tool takes ${known.length === 0 ? 'no arguments' : known.join(', ')}.`,
  });
}

function unknownNames({ shape, def }: z.ZodObject, args: unknown): readonly string[] {
  const isOpen = def.catchall !== undefined;
  if (isOpen || typeof args !== 'object' || args === null) return [];
  return Object.keys(args).filter((name) => !Object.hasOwn(shape, name));
}

function unknownArgument(name: string, known: readonly string[]): string {
  const [meant] = nearest(name.slice(0, MAX_COMPARED_CHARS), known);
  return `there is no such argument${meant === undefined ? '' : `, did you mean ${meant}?`}`;
}

function shortened(issues: readonly string[]): readonly string[] {
  const told = issues
    .slice(0, MAX_ISSUES)
    .map((issue) =>
      issue.length > MAX_ISSUE_CHARS ? `${issue.slice(0, MAX_ISSUE_CHARS).toWellFormed()}…` : issue,
    );
  return issues.length > told.length ? [...told, `and ${issues.length - told.length} more`] : told;
}
