import { defineConfig } from 'rolldown';

// One file for the program and for the library, and one for what each command alone needs.
export default defineConfig({
  input: { index: 'src/index.ts', main: 'src/main.ts' },
  external: /^[^./]/,
  platform: 'node',
  output: { dir: 'dist', sourcemap: true, cleanDir: true },
});
