import * as z from 'zod';
import { MAX_DIGITS } from '../number.ts';

/** Room for a sign, a point, and an exponent beside the digits on both sides. */
const MAX_LENGTH = 2 * MAX_DIGITS + 10;

/** A number as a model sends it: JSON for short ones, text where every digit counts. */
export function numberInput(description: string): z.ZodUnion<readonly [z.ZodNumber, z.ZodString]> {
  const error = `expected a number, or one as text of up to ${MAX_LENGTH} characters`;
  return z.union([z.number(), z.string().min(1).max(MAX_LENGTH)], { error }).describe(description);
}

/** Longest text of one number among many. */
const MAX_LIST_LENGTH = 100;

/** One of many numbers: the same, of at most 100 characters. */
export function listedNumber(): z.ZodUnion<readonly [z.ZodNumber, z.ZodString]> {
  const error = `expected a number, or one as text of up to ${MAX_LIST_LENGTH} characters`;
  return z.union([z.number(), z.string().min(1).max(MAX_LIST_LENGTH)], { error });
}

/** What tools with one result answer. */
export const resultOutput: z.ZodObject<{ result: z.ZodString; exact: z.ZodBoolean }> = z.object({
  result: z.string().describe('The result as decimal text'),
  exact: z.boolean().describe('False when the result was rounded'),
});
