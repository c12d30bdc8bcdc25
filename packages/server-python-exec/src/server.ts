import type { McpServer } from '@modelcontextprotocol/server';
import { createMcpServer } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import type { PythonBackend } from './backend.ts';
import type { Sessions } from './sessions.ts';
import { addInstallPackages } from './tools/install-packages.ts';
import { addRunPython } from './tools/run-python.ts';
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

/** Builds the server without a transport, so that tests and hosts choose how to serve it. */
export function createServer(options: PythonServerOptions): McpServer {
  const { backend, reason, sessions, workspace, limits, allowInstall } = options;
  const { timeoutMs, maxTimeoutMs } = limits;
  const server = createMcpServer(manifest);
  const canInstall = allowInstall && backend.install !== undefined;
  addRunPython(server, { backend, reason, sessions, workspace, timeoutMs, maxTimeoutMs, canInstall });
  addSessionTools(server, sessions);
  if (allowInstall && backend.install !== undefined) addInstallPackages(server, backend.install);
  addPythonInfo(server, { backend, reason, sessions, workspace, limits });
  return server;
}
