import { describe } from 'vitest';
import type { Backend } from './backends.ts';
import { backends } from './backends.ts';
import type { Attempt } from './escapes/attempt.ts';
import { kernelAttempts } from './escapes/kernel.ts';
import { landlockAttempts } from './escapes/landlock.ts';
import { pyodideAttempts } from './escapes/pyodide.ts';
import { sharedAttempts } from './escapes/shared.ts';
import { testEscapes } from './escapes/test-escapes.ts';
import { startPython } from './python-server.ts';

const attempts: Readonly<Record<Backend, readonly Attempt[]>> = {
  pyodide: [...sharedAttempts, ...pyodideAttempts],
  'cpython-bwrap': [...sharedAttempts, ...kernelAttempts],
  'cpython-landlock': [...sharedAttempts, ...kernelAttempts, ...landlockAttempts],
};

describe.each(backends)('%s', (backend) => {
  testEscapes(attempts[backend], (env) => startPython({ backend, env, args: ['--memory-mb', '128'] }));
});
