import { defineConfig } from 'rolldown';

// One file for the program and for the library, and one for what each command alone needs.
export default defineConfig({
  input: { index: 'src/index.ts', main: 'src/main.ts' },
  // What the rewriting below brings along is no dependency.
  external: /^(?!@oxc-project\/)[^./\0]/,
  platform: 'node',
  // The oldest Node of "engines", which does not know `using` yet.
  transform: { target: 'node22.19' },
  output: { dir: 'dist', sourcemap: true, cleanDir: true },
});
