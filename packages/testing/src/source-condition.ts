import { fileURLToPath } from 'node:url';

/**
 * Makes a program run from the sources of its workspace. Only where this package does so itself: an installed one has
 * sources too, but Node strips no types in `node_modules`.
 */
export const SOURCE_CONDITION: readonly string[] = isFromSource() ? ['--conditions=@patchbay/source'] : [];

/**
 * Where Node keeps what it made of those sources, for the next program: stripping and compiling them is most of what
 * a short one takes.
 */
export const SOURCE_ENVIRONMENT: Readonly<Record<string, string>> = isFromSource()
  ? { NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)) }
  : {};

function isFromSource(): boolean {
  return import.meta.url.endsWith('.ts');
}
