/**
 * Makes a program run from the sources of its workspace. Only where this package does so itself: an installed one has
 * sources too, but Node strips no types in `node_modules`.
 */
export const SOURCE_CONDITION: readonly string[] = import.meta.url.endsWith('.ts')
  ? ['--conditions=@patchbay/source']
  : [];
