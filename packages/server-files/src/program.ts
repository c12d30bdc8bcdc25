import { serve } from '@patchbay/server-kit';
import * as z from 'zod';
import manifest from '../package.json' with { type: 'json' };
import { shareWorkspace } from './files-context.ts';
import { createServer } from './server.ts';

const settings = {
  workspace: {
    flag: 'workspace',
    env: 'PATCHBAY_WORKSPACE',
    schema: z.string().default('patchbay-workspace'),
    description: 'the folder that is served; made when it is missing',
  },
  readOnly: {
    flag: 'read-only',
    env: 'FILES_READ_ONLY',
    schema: z.stringbool().default(false),
    isSwitch: true,
    description: 'leave write_file out',
  },
} as const;

await serve({
  manifest,
  settings,
  check: { tool: 'list_files' },
  open({ workspace, readOnly }) {
    const context = shareWorkspace(workspace, { isReadOnly: readOnly });
    return { createServer: () => createServer(context) };
  },
});
