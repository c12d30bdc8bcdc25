import { serve } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import { createServer } from './server.ts';

await serve({
  manifest,
  settings: {},
  check: { tool: 'greet', arguments: { name: 'Ada' } },
  open: () => ({ createServer }),
});
