import * as z from 'zod';
import { MAX_STATEMENT_CHARS } from '../gate/statement.ts';

export const cellSchema: z.ZodUnion<readonly [z.ZodString, z.ZodNumber, z.ZodBoolean, z.ZodNull]> = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
]);

/** Values beside the statement: they need no quotes and cannot change what it does. */
export const paramsInput: z.ZodOptional<z.ZodArray<typeof cellSchema>> = z
  .array(
    z.union([z.string().max(MAX_STATEMENT_CHARS), z.number(), z.boolean(), z.null()], {
      error: `must be a text of at most ${MAX_STATEMENT_CHARS} characters, a number, true, false or null`,
    }),
  )
  .max(100)
  .optional()
  .describe(
    'Values for the ? in sql, in order, so that they need no quoting; whole numbers of 16 digits and more as text',
  );

export const tableInput: z.ZodString = z
  .string()
  .min(1)
  .max(200)
  .describe('Table or view, exactly as list_tables names it: "orders" or "shop.orders"');

export const databaseInput: z.ZodOptional<z.ZodString> = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe('Database of the table; left out, every database is searched');
