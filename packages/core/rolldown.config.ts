import { defineConfig } from 'rolldown';

// One file an entry, one that entries share, and others for what is loaded later: finding some 140 modules takes longer
// than running them.
export default defineConfig({
  input: { index: 'src/index.ts', config: 'src/config.ts' },
  external: /^[^./]/,
  platform: 'node',
  // A start takes a tenth longer to read it as it was written; the source maps have that.
  output: {
    dir: 'dist',
    sourcemap: true,
    minify: true,
    cleanDir: true,
    codeSplitting: { groups: [{ name: 'shared', minShareCount: 2, tags: ['$initial'] }] },
  },
});
