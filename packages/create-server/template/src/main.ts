#!/usr/bin/env node
import { requireNode } from '@patchbay/server-kit/node-version';

requireNode('__bin__');
await import('./program.ts');
