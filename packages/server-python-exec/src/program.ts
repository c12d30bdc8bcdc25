import { homedir } from 'node:os';
import { join } from 'node:path';
import { log, openWorkspace, serve } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import { cacheFolder } from './cache-folder.ts';
import { chooseBackend } from './choose-backend.ts';
import { findBwrapBackend } from './cpython/find-backend.ts';
import { createPyodideBackend } from './pyodide/backend.ts';
import { createServer } from './server.ts';
import { Sessions } from './sessions.ts';
import { settings } from './settings.ts';

await serve({
  manifest,
  settings,
  check: { tool: 'run_python', arguments: { code: '1 + 1' } },
  async open(values) {
    const { root: workspace } = await openWorkspace(values.workspace);
    const { env, platform } = process;
    const { memoryMb, maxOutputChars } = values;
    const home = homedir();
    const shared = {
      workspace,
      cacheFolder: join(cacheFolder({ env, platform, home }), 'python'),
      memoryMb,
      maxOutputChars,
    };
    const { backend, reason } = await chooseBackend(values.backend, {
      pyodide: () =>
        createPyodideBackend({
          ...shared,
          nodePath: process.execPath,
          nodeVersion: process.versions.node,
          warn: log.warn,
        }),
      cpythonBwrap: () => findBwrapBackend({ ...shared, pythonPath: values.python, home, env, platform }),
    });
    log.info(`backend ${backend.name} (${reason})`);
    backend.prepare();
    const sessions = new Sessions(backend, { maxSessions: values.maxSessions, idleMs: values.idleMs });
    const limits = { ...values, timeoutMs: Math.min(values.timeoutMs, values.maxTimeoutMs) };
    return {
      createServer: () => createServer({ backend, reason, sessions, workspace, limits }),
      [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose](),
    };
  },
});
