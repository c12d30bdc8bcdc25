import * as z from 'zod';
import type { PythonError, PythonFigure, PythonValue, PythonVariable } from '../backend.ts';
import type { RunnerReply } from './protocol.ts';

/** What a piece of code left behind. */
interface CheckedOutcome {
  readonly value?: PythonValue | undefined;
  readonly error?: PythonError | undefined;
  readonly figures: readonly PythonFigure[];
  readonly newVariables: readonly PythonVariable[];
  readonly changedVariables: readonly PythonVariable[];
}

/** What a runner said, in a form and size that was checked. */
export type CheckedReply = RunnerReply<CheckedOutcome, readonly PythonVariable[]>;

/** Longest text in a reply, whatever its limit was: replies come from a process that runs foreign code. */
const MAX_TEXT_CHARS = 1_100_000;

const text = z.string().max(MAX_TEXT_CHARS);
const variable = z.object({ name: text.max(100), type: text.max(250), summary: text.max(200) });
const id = z.int();
const printed = { stdout: text, stderr: text };

const value = z.object({ repr: text, type: text.max(250), json: z.unknown().optional() });
const error = z.object({
  type: text.max(250),
  message: text.max(3000),
  line: z.int().positive().nullable(),
  traceback: text.max(6000),
});
const figure = z.object({
  path: z.string().regex(/^figure-\d{1,5}\.png$/),
  // Base64 of a PNG's first bytes, then any.
  png: z
    .string()
    .max(1_400_000)
    .regex(/^iVBORw0KGgo[\w+/]*=*$/)
    .optional(),
});
const outcome = z.object({
  figures: z.array(figure).max(20).default([]),
  value: value.optional(),
  error: error.optional(),
  newVariables: z.array(variable).max(100),
  changedVariables: z.array(variable).max(100),
});

const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('printed'), id, ...printed }),
  z.object({ kind: z.literal('crashed'), id, message: text.max(200) }),
  z.object({ kind: z.literal('ran'), id, isInterrupted: z.boolean(), outcome, ...printed }),
  z.object({ kind: z.literal('variables'), id, variables: z.array(variable).max(1000) }),
]);

/** Reads one line of a runner; undefined when it is none that a runner writes. */
export function parseReply(line: string): CheckedReply | undefined {
  try {
    return replySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
