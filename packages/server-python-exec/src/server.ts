import type { McpServer } from '@modelcontextprotocol/server';
import { createMcpServer } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import type { PythonBackend } from './backend.ts';
import type { Sessions } from './sessions.ts';
import { addInstallPackages } from './tools/install-packages.ts';
import { runPython } from './tools/run-python.ts';
import type { PythonInfoOptions } from './tools/session-tools.ts';
import { addPythonInfo, addSessionTools } from './tools/session-tools.ts';

export interface PythonServerOptions {
  readonly backend: PythonBackend;
  /** Why it is this backend, for the model and its user. */
  readonly reason: string;
  /** Shared by all connections: a session is named by an argument, not by a connection. */
  readonly sessions: Sessions;
  /** Real path of the folder that is the working directory of the code. */
  readonly workspace: string;
  readonly limits: PythonInfoOptions['limits'];
  /** Whether a model may have packages installed, where the backend can. */
  readonly allowInstall: boolean;
}

/**
 * Builds servers without a transport, so that tests and hosts choose how to serve them. What takes time is done once for
 * all of them: over HTTP there is one for each request.
 */
export function createServerFactory(options: PythonServerOptions): () => McpServer {
  const { backend, reason, sessions, workspace, limits, allowInstall } = options;
  const { timeoutMs, maxTimeoutMs } = limits;
  const install = allowInstall ? backend.install : undefined;
  const canInstall = install !== undefined;
  const addRunPython = runPython({
    backend,
    reason,
    sessions,
    workspace,
    timeoutMs,
    maxTimeoutMs,
    canInstall,
  });
  return () => {
    const server = createMcpServer(manifest);
    addRunPython(server);
    addSessionTools(server, sessions);
    if (install !== undefined) addInstallPackages(server, install);
    addPythonInfo(server, { backend, reason, sessions, workspace, limits });
    return server;
  };
}
