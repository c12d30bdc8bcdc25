#!/usr/bin/env node
import { requireNode } from '@patchbay/server-kit/node-version';

requireNode('patchbay-server-python-exec');
const { rememberCode } = await import('./remember-code.ts');
await rememberCode(process);
await import('./program.ts');
