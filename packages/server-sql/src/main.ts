#!/usr/bin/env node
import { requireNode } from '@patchbay/server-kit/node-version';

requireNode('patchbay-server-sql');
const { rememberCode } = await import('@patchbay/server-kit/own-cache');
await rememberCode(process);
const { limitNewObjects } = await import('./new-objects.ts');
limitNewObjects();
await import('./program.ts');
