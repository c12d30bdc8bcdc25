import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.ts';

/** What takes long by its nature: servers by others, load. `npm test -- --all` runs it too. */
export default defineConfig({
  ...shared,
  test: { include: ['test-extended/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 600_000 },
});
