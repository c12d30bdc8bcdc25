#!/usr/bin/env node
import { requireNode } from '@patchbay/server-kit/node-version';

requireNode('patchbay-server-sql');
const { limitNewObjects } = await import('./new-objects.ts');
limitNewObjects();
await import('./program.ts');
