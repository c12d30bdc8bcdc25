#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { requireNode } from '@patchbay/server-kit/node-version';

requireNode('patchbay-server-sql');
// Rows are short-lived: the engine would let their garbage grow to 100 MB during a large export, for no speed. So little of it
// is collected sooner by one thread than several are woken.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--no-parallel-scavenge');
await import('./program.ts');
