import type { McpServer } from '@modelcontextprotocol/server';
import type { ToolSpec } from '@patchbay/server-kit';
import { addTool } from '@patchbay/server-kit';
import * as z from 'zod';
import type { PythonBackend } from '../backend.ts';
import { failure, successText } from '../report.ts';
import type { Sessions } from '../sessions.ts';
import { linkTo } from '../workspace-link.ts';
import { reportOutput } from './report-output.ts';
import { changedFiles, readWorkspace } from '../workspace-changes.ts';
import { sessionName, variable } from './schemas.ts';

/** Longest code of one call, in characters. */
const MAX_CODE_CHARS = 100_000;

const MIN_TIMEOUT_MS = 100;

/** Files that are linked in one answer; the structured content names more. */
const MAX_LINKS = 20;

/** How much of the reason for a backend goes into the description; `python_info` has all of it. */
const MAX_REASON_CHARS = 100;

export interface RunPythonOptions {
  readonly backend: PythonBackend;
  readonly sessions: Sessions;
  readonly workspace: string;
  readonly timeoutMs: number;
  readonly maxTimeoutMs: number;
  /** Why it is this backend. */
  readonly reason: string;
  /** Whether there is `install_packages`. */
  readonly canInstall: boolean;
}

const output = z.object({
  status: z
    .enum(['ok', 'error', 'timeout', 'memory', 'killed'])
    .describe('ok; every other ending is an error result, whose text says what happened'),
  value: z
    .object({
      repr: z.string().describe('repr() of the value, cut in the middle when it is long'),
      type: z.string(),
      json: z.unknown().optional().describe('The value, when it is small and JSON can say it without loss'),
    })
    .optional()
    .describe('Value of the last expression; absent for None and when the code ends with a statement'),
  new_variables: z.array(variable),
  changed_variables: z.array(variable),
  stdout: z.string(),
  stderr: z.string(),
  files: z
    .array(z.object({ path: z.string(), bytes: z.int() }))
    .describe('Files in the workspace that are new or changed'),
  figures: z
    .array(z.string())
    .describe('Files of the matplotlib figures that were open; the first 4 come as images too'),
  state_lost: z.boolean().describe('Variables of earlier calls were gone before this one'),
  elapsed_ms: z.number(),
  backend: z.string(),
});

/**
 * `run_python`, to be offered on any number of servers. Code that fails is an error result: the model is told in the way it
 * is told of any failure.
 */
export function runPython(options: RunPythonOptions): (server: McpServer) => void {
  const {
    backend,
    sessions,
    workspace,
    timeoutMs: usualTimeoutMs,
    maxTimeoutMs,
    reason,
    canInstall,
  } = options;
  const { name: backendName, summary } = backend;
  const missingModule = canInstall
    ? 'install_packages may get it, if PyPI has it.'
    : `Nothing can be installed. What there is: ${summary.modules}.`;
  const input = z.object({
    code: z
      .string()
      .min(1)
      .max(MAX_CODE_CHARS)
      .describe('Python source; end with an expression to get its value'),
    session: sessionName,
    timeout_ms: z
      .int()
      .min(MIN_TIMEOUT_MS)
      .max(maxTimeoutMs)
      .optional()
      .describe(`Time limit in milliseconds; ${usualTimeoutMs} when absent`),
    reset: z.boolean().default(false).describe('Start with a fresh interpreter, without earlier variables'),
  });
  const spec: ToolSpec<typeof input, typeof output> = {
    name: 'run_python',
    title: 'Run Python',
    description:
      `${summary.warning === undefined ? 'Runs Python in a sandbox' : `${summary.warning}. Runs Python`} and returns the value of the last expression and what was printed. Variables, ` +
      "functions and imports stay for later calls of a session. The working directory is shared: open('data.csv') " +
      'reads a file that another tool saved, and files written there are kept. ' +
      `${summary.modules}; ${summary.missing}. Limit: ${usualTimeoutMs} ms unless timeout_ms is given. ` +
      `Long output is cut in the middle. Backend: ${backendName} (${shorten(reason)}).`,
    input,
    output,
    hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    async run({ code, session: name, timeout_ms: timeoutMs = usualTimeoutMs, reset }, { signal, progress }) {
      if (reset) await sessions.reset(name);
      return sessions.use(name, async ({ session, lostBefore }) => {
        signal.throwIfAborted();
        const before = await readWorkspace(workspace);
        const started = performance.now();
        const told = reportOutput({ timeoutMs, progress });
        const outcome = await session
          .run(code, { timeoutMs, signal, onPrinted: told.onPrinted })
          .finally(told.stop);
        const elapsedMs = performance.now() - started;
        const files = changedFiles(before, await readWorkspace(workspace));
        const { ending, stdout, stderr, figures, newVariables, changedVariables } = outcome;
        if (ending.isLost && signal.aborted)
          sessions.noteLoss(name, 'an earlier call was cancelled while it ran');
        const report = { outcome, files, session: name, timeoutMs, lostBefore, missingModule };
        if (ending.status !== 'ok') throw failure(report, ending);
        return {
          structured: {
            status: ending.status,
            ...(ending.value === undefined ? {} : { value: ending.value }),
            new_variables: [...newVariables],
            changed_variables: [...changedVariables],
            stdout,
            stderr,
            files: [...files],
            figures: figures.map(({ path }) => path),
            state_lost: lostBefore !== undefined,
            elapsed_ms: Math.round(elapsedMs),
            backend: backendName,
          },
          text: successText(report, ending.value?.repr),
          attachments: [
            ...figures.flatMap(({ png }) =>
              png === undefined ? [] : [{ type: 'image' as const, data: png, mimeType: 'image/png' }],
            ),
            ...files.slice(0, MAX_LINKS).map((file) => linkTo(workspace, file)),
          ],
        };
      });
    },
  };
  return (server) => addTool(server, spec);
}

function shorten(reason: string): string {
  return reason.length <= MAX_REASON_CHARS ? reason : `${reason.slice(0, MAX_REASON_CHARS - 3)}...`;
}
