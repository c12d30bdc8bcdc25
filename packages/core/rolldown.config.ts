import { defineConfig } from 'rolldown';

// One file an entry and one for what is loaded later: finding some 140 modules takes longer than running them.
export default defineConfig({
  input: { index: 'src/index.ts', config: 'src/config.ts' },
  external: /^[^./]/,
  platform: 'node',
  output: { dir: 'dist', sourcemap: true },
});
