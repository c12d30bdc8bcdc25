import { ToolError } from '@patchbay/server-kit/program';
import type { CodeEnding, CodeOutcome, PythonError } from './backend.ts';
import type { WorkspaceFile } from './workspace-changes.ts';
import { MAX_CHANGES } from './workspace-changes.ts';

export interface Report {
  readonly outcome: CodeOutcome;
  readonly files: readonly WorkspaceFile[];
  readonly session: string;
  readonly timeoutMs: number;
  /** Why variables of earlier calls were gone before this one. */
  readonly lostBefore: string | undefined;
  /** What to tell of a module that is not there. */
  readonly missingModule: string;
}

/** What a model reads after a call that succeeded: what was printed and the value, and otherwise what changed. */
export function successText(report: Report, value: string | undefined): string {
  const { newVariables, changedVariables } = report.outcome;
  const parts = [
    ...beginning(report),
    ...output(report),
    ...(value === undefined ? [] : [value]),
    ...files(report),
  ];
  if (parts.length > 0) return parts.join('\n');
  const names = [...newVariables, ...changedVariables].map(({ name, summary }) => `${name} = ${summary}`);
  return names.length === 0
    ? 'Done. Nothing was printed.'
    : `Done. Nothing was printed. Set: ${names.join('; ')}`;
}

/**
 * The error that a failed call becomes: first what went wrong and in which line, then the trace and whatever the code
 * printed or wrote before it failed.
 */
export function failure(report: Report, ending: Exclude<CodeEnding, { status: 'ok' }>): ToolError {
  const { code, message, hint } = ending.isLost ? loss(report, ending) : raised(report, ending);
  const text = [message, ...beginning(report), ...output(report), ...files(report)].join('\n');
  return new ToolError(code, text, { hint });
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

function raised(
  { timeoutMs, missingModule, session }: Report,
  { status, error }: Extract<CodeEnding, { error: PythonError }>,
): Failure {
  const line = error.line === null ? '' : ` (line ${error.line})`;
  switch (status) {
    case 'timeout':
      return {
        code: 'TIMEOUT',
        message: `Interrupted after ${timeoutMs} ms${line}; variables are kept`,
        hint: 'Do less at a time, or pass a larger timeout_ms.',
      };
    case 'memory':
      return {
        code: 'OUT_OF_MEMORY',
        message: `MemoryError${line}; variables are kept`,
        hint: 'Work on smaller pieces, and delete what is no longer needed.',
      };
    case 'error': {
      const message = `${error.type}${error.message === '' ? '' : `: ${error.message}`}${line}`;
      return {
        code: 'PYTHON_ERROR',
        message: [message, error.traceback.trimEnd()].join('\n').trimEnd(),
        hint: error.type === 'ModuleNotFoundError' ? missingModule : outsideCode(error, session),
      };
    }
    default:
      return status satisfies never;
  }
}

/** What helps when it was no line of the code that failed. What is nested too deep fails before it has lines. */
function outsideCode({ line, type }: PythonError, session: string): string | undefined {
  if (line !== null || type === 'RecursionError') return undefined;
  return (
    'Not a line of the code failed, but what runs it: the session may have replaced or closed something that Python stands ' +
    `on. If it fails again, reset_session gives "${session}" a fresh interpreter, without its variables.`
  );
}

function loss({ session }: Report, { status, reason }: Extract<CodeEnding, { isLost: true }>): Failure {
  const message = `${reason}; all variables of session "${session}" are lost`;
  const hint = 'The next call starts a fresh interpreter: import and define again what it needs.';
  switch (status) {
    case 'timeout':
      return { code: 'TIMEOUT', message, hint };
    case 'memory':
      return { code: 'OUT_OF_MEMORY', message, hint };
    case 'killed':
      return { code: 'INTERPRETER_LOST', message, hint };
    default:
      return status satisfies never;
  }
}

function beginning({ lostBefore }: Report): readonly string[] {
  return lostBefore === undefined ? [] : [`Note: earlier variables of this session are gone: ${lostBefore}.`];
}

function output({ outcome: { stdout, stderr } }: Report): readonly string[] {
  const out = stdout.trimEnd();
  const err = stderr.trimEnd();
  return [...(out === '' ? [] : [out]), ...(err === '' ? [] : [`stderr:\n${err}`])];
}

function files({ files: changed }: Report): readonly string[] {
  if (changed.length === 0) return [];
  const shown = changed.slice(0, 10).map(({ path, bytes }) => `${path} (${bytes} bytes)`);
  const atLeast = changed.length < MAX_CHANGES ? '' : 'at least ';
  const more = changed.length - shown.length;
  return [`Files written: ${shown.join(', ')}${more > 0 ? ` and ${atLeast}${more} more` : ''}`];
}
