import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { errorMessage, PatchbayError } from '../errors.ts';
import type { Environment } from './expand-variables.ts';
import { expandVariables } from './expand-variables.ts';
import type { ParsedText } from './parsed-text.ts';

/** The shape of `roots` in an `mcp.json`: folders and files. */
export const RootPaths: z.ZodType<readonly string[]> = z.array(
  z
    .string()
    .min(1)
    .refine((path) => !/^[a-z][a-z\d+.-]+:\/\//i.test(path), { error: 'is an address; a root is a path' }),
);

/**
 * The roots of a configuration as `file:` URLs. A relative path is relative to the folder of its file.
 *
 * @throws {PatchbayError} `CONFIG_INVALID` for a variable that is not set, with its place.
 */
export function readRoots(
  paths: readonly string[],
  { folder, env, at }: Pick<ParsedText, 'at'> & { readonly folder: string; readonly env: Environment },
): readonly URL[] {
  return paths.map((path, index) => {
    try {
      return pathToFileURL(resolve(folder, expandVariables(path, env)));
    } catch (cause) {
      throw new PatchbayError('CONFIG_INVALID', `${at(['roots', index])}: ${errorMessage(cause)}`, {
        hint: 'Set it in .env, or write a default: ${VARIABLE:-folder}.',
        cause,
      });
    }
  });
}
