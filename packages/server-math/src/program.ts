import { serve } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import { createServer } from './server.ts';

await serve({
  manifest,
  settings: {},
  check: { tool: 'add', arguments: { a: 0.1, b: 0.2 } },
  open: () => ({ createServer }),
});
