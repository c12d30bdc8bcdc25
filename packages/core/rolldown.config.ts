import { defineConfig } from 'rolldown';

// One file an entry, one that entries share, and others for what is loaded later: finding some 140 modules takes longer
// than running them.
export default defineConfig({
  input: { index: 'src/index.ts', config: 'src/config.ts' },
  // What the rewriting below brings along is no dependency.
  external: /^(?!@oxc-project\/)[^./\0]/,
  platform: 'node',
  // The oldest Node of "engines", which does not know `using` yet.
  transform: { target: 'node22.19' },
  // A start takes a tenth longer to read it as it was written; the source maps have that.
  output: {
    dir: 'dist',
    sourcemap: true,
    minify: true,
    cleanDir: true,
    codeSplitting: { groups: [{ name: 'shared', minShareCount: 2, tags: ['$initial'] }] },
  },
});
