#!/usr/bin/env node
import { requireNode } from '@patchbay/server-kit/node-version';

requireNode('patchbay-server-notes');
const { rememberCode } = await import('@patchbay/server-kit/own-cache');
await rememberCode(process);
await import('./program.ts');
