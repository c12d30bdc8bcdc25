import type { McpServer } from '@modelcontextprotocol/server';
import { addTool, READ_ONLY } from '@patchbay/server-kit';
import * as z from 'zod';
import type { PythonBackend } from '../backend.ts';
import type { Sessions } from '../sessions.ts';
import { sessionName, variable } from './schemas.ts';

const sessionInput = z.object({ session: sessionName });
const variablesOutput = z.object({ session: z.string(), exists: z.boolean(), variables: z.array(variable) });
const resetOutput = z.object({ session: z.string(), existed: z.boolean() });

const noInput = z.object({});
const infoOutput = z.object({
  python_version: z.string(),
  backend: z.string(),
  backend_reason: z.string().describe('Why this backend runs'),
  modules: z.string(),
  isolation: z.array(z.string()),
  caveats: z.array(z.string()),
  workspace: z.string(),
  sessions: z.array(z.string()),
  limits: z.object({
    timeout_ms: z.number(),
    max_timeout_ms: z.number(),
    memory_mb: z.number(),
    max_output_chars: z.number(),
    max_sessions: z.number(),
    idle_ms: z.number(),
  }),
});

/** Offers `list_variables` and `reset_session`. */
export function addSessionTools(server: McpServer, sessions: Sessions): void {
  addTool(server, {
    name: 'list_variables',
    title: 'List Python variables',
    description:
      'Lists the variables, functions and classes that earlier run_python calls left in a session, with type and the ' +
      'beginning of their repr. Imported modules and names that begin with "_" are left out. At most 1000.',
    input: sessionInput,
    output: variablesOutput,
    hints: READ_ONLY,
    async run({ session: name }) {
      // Listing must not start an interpreter.
      if (!sessions.names.includes(name)) {
        const structured = { session: name, exists: false, variables: [] };
        return { structured, text: `Session "${name}" has no variables: nothing has run in it.` };
      }
      const variables = await sessions.use(name, ({ session }) => session.listVariables());
      const lines = variables.map((each) => `${each.name}: ${each.type} = ${each.summary}`);
      return {
        structured: { session: name, exists: true, variables: [...variables] },
        text: lines.length === 0 ? `Session "${name}" has no variables.` : lines.join('\n'),
      };
    },
  });

  addTool(server, {
    name: 'reset_session',
    title: 'Reset a Python session',
    description:
      'Ends a session and frees its memory: all its variables are lost, and code that runs in it is stopped. Files in ' +
      'the workspace stay. The next run_python call with this name starts a fresh interpreter.',
    input: sessionInput,
    output: resetOutput,
    hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    async run({ session: name }) {
      const existed = await sessions.reset(name);
      const text = existed ? `Session "${name}" is reset.` : `Session "${name}" was not running.`;
      return { structured: { session: name, existed }, text };
    },
  });
}

export interface PythonInfoOptions {
  readonly backend: PythonBackend;
  readonly sessions: Sessions;
  readonly workspace: string;
  /** Why it is this backend. */
  readonly reason: string;
  readonly limits: {
    readonly timeoutMs: number;
    readonly maxTimeoutMs: number;
    readonly memoryMb: number;
    readonly maxOutputChars: number;
    readonly maxSessions: number;
    readonly idleMs: number;
  };
}

/** Offers `python_info`. */
export function addPythonInfo(server: McpServer, options: PythonInfoOptions): void {
  const { backend, sessions, workspace, limits, reason } = options;
  addTool(server, {
    name: 'python_info',
    title: 'About this Python',
    description:
      'Tells the Python version, the backend and why it was chosen, which modules can be imported, the limits of a ' +
      'call, the workspace folder, the open sessions, and what the sandbox keeps code away from and what it does not promise.',
    input: noInput,
    output: infoOutput,
    hints: READ_ONLY,
    async run() {
      const { pythonVersion, modules, isolation, caveats } = await backend.facts();
      const structured = {
        python_version: pythonVersion,
        backend: backend.name,
        backend_reason: reason,
        modules,
        isolation: [...isolation],
        caveats: [...caveats],
        workspace,
        sessions: [...sessions.names],
        limits: {
          timeout_ms: limits.timeoutMs,
          max_timeout_ms: limits.maxTimeoutMs,
          memory_mb: limits.memoryMb,
          max_output_chars: limits.maxOutputChars,
          max_sessions: limits.maxSessions,
          idle_ms: limits.idleMs,
        },
      };
      const text = [
        `Python ${pythonVersion}, backend ${backend.name} (${reason})`,
        `Modules: ${modules}`,
        `Workspace: ${workspace}`,
        `Limits: ${limits.timeoutMs} ms a call (at most ${limits.maxTimeoutMs}), ${limits.memoryMb} MB, ${limits.maxOutputChars} characters of output, ${limits.maxSessions} sessions`,
        ...isolation.map((line) => `- ${line}`),
        'Not promised:',
        ...caveats.map((line) => `- ${line}`),
      ].join('\n');
      return { structured, text };
    },
  });
}
