import type * as z from 'zod';
import { brokenTextIn } from './broken-text.ts';
import { ToolError } from './errors.ts';
import { nearest } from './nearest.ts';
import { oneLine } from './plain-text.ts';

/** What is told of arguments that a schema refuses: a list of ten thousand may be wrong at each place. */
const MAX_ISSUES = 8;
const MAX_ISSUE_CHARS = 500;

/** Most of an unknown name that is told, and compared with the known ones, in characters. */
const MAX_NAME_CHARS = 100;

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
  const problems = [...unknown, ...(parsed.error?.issues ?? [])];
  const told = problems.slice(0, MAX_ISSUES).map((problem) => describe(problem, known));
  if (problems.length > told.length) told.push(`and ${problems.length - told.length} more`);
  throw new ToolError('INVALID_INPUT', told.join('; '), {
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

/** What is wrong, of a name that the tool does not have or of what its schema refuses. */
function describe(problem: string | z.core.$ZodIssue, known: readonly string[]): string {
  const text = typeof problem === 'string' ? unknownArgument(problem, known) : refusedValue(problem);
  return text.length > MAX_ISSUE_CHARS ? `${text.slice(0, MAX_ISSUE_CHARS).toWellFormed()}…` : text;
}

function unknownArgument(name: string, known: readonly string[]): string {
  const shown = oneLine(name, MAX_NAME_CHARS);
  const [meant] = nearest(shown, known);
  return `${shown}: there is no such argument${meant === undefined ? '' : `, did you mean ${meant}?`}`;
}

function refusedValue({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}
