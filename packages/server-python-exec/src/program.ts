import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '@patchbay/server-kit/own-cache';
import { log, openWorkspace, serve } from '@patchbay/server-kit/program';
import manifest from '../package.json' with { type: 'json' };
import { backendMakers } from './backend-makers.ts';
import { chooseBackend } from './choose-backend.ts';
import { Sessions } from './sessions.ts';
import { settings } from './settings.ts';

await serve({
  manifest,
  settings,
  check: { tool: 'run_python', arguments: { code: '1 + 1' } },
  async open(values) {
    const { root: workspace } = await openWorkspace(values.workspace);
    const { env, platform } = process;
    const home = homedir();
    const makers = backendMakers(values, {
      workspace,
      cacheFolder: join(cacheFolder({ env, platform, home }), 'python'),
      process,
      home,
      warn: log.warn,
      onStarting: () => void import('./server.ts'),
    });
    const { backend, reason, session } = await chooseBackend(values.backend, makers);
    const { createServerFactory } = await import('./server.ts');
    log.info(`backend ${backend.name} (${reason})`);
    if (backend.summary.warning !== undefined) log.warn(backend.summary.warning);
    const sessions = new Sessions(backend, { maxSessions: values.maxSessions, idleMs: values.idleMs });
    sessions.keepSpare(session);
    const { allowInstall } = values;
    if (allowInstall && !backend.install)
      log.warn(`--allow-install: ${backend.name} cannot install packages`);
    const limits = { ...values, timeoutMs: Math.min(values.timeoutMs, values.maxTimeoutMs) };
    return {
      createServer: createServerFactory({ backend, reason, sessions, workspace, limits, allowInstall }),
      [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose](),
    };
  },
});
