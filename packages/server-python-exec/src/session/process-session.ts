import { ToolError } from '@patchbay/server-kit/program';
import type { CodeOutcome, PythonSession, PythonVariable, RunOptions } from '../backend.ts';
import type { PrintedText } from './protocol.ts';
import type { CheckedReply } from './replies.ts';
import type { RunnerEnd, RunnerProcess } from './runner-process.ts';
import { describeEnd } from './runner-process.ts';

/** How long interrupted code may take to end before its process is killed, in milliseconds. */
const GRACE_MS = 1000;

/** How long an idle interpreter may take to list its variables, in milliseconds. */
const LIST_LIMIT_MS = 5000;

type Ran = Extract<CheckedReply, { kind: 'ran' }>;

export interface ProcessLimits {
  readonly memoryMb: number;
  /** Exit code of a runner that ended itself because its memory grew too far. */
  readonly outOfMemoryExit: number;
}

/** A session whose interpreter lives in `runner`. */
export function createProcessSession(runner: RunnerProcess, limits: ProcessLimits): PythonSession {
  let lastId = 0;
  let end: RunnerEnd | undefined;
  let onEnd: ((end: RunnerEnd) => void) | undefined;
  const noteEnd = (how: RunnerEnd): void => {
    end = how;
    onEnd?.(how);
  };
  void runner.ended.then(noteEnd);
  /** What `listen` is answered, or how the runner ended. A race with `runner.ended` would keep every answer in memory. */
  const untilAnswered = <Answer>(
    listen: (answer: (answer: Answer) => void) => void,
  ): Promise<Answer | RunnerEnd> =>
    new Promise((resolve) => {
      onEnd = resolve;
      listen(resolve);
      if (end !== undefined) resolve(end);
    });

  const cancel = (): void => runner.kill('cancelled');
  const run = async (code: string, options: RunOptions): Promise<CodeOutcome> => {
    const { timeoutMs, signal, onPrinted } = options;
    const id = (lastId += 1);
    let crash: string | undefined;
    let printed: PrintedText = { stdout: '', stderr: '' };
    const answered = untilAnswered<Ran>((resolve) => {
      runner.onReply((reply) => {
        if (reply.kind === 'printed' && reply.id === id) {
          printed = reply;
          onPrinted?.({ stdout: reply.stdout, stderr: reply.stderr });
        }
        if (reply.kind === 'crashed' && reply.id === id) crash = reply.message;
        if (reply.kind === 'ran' && reply.id === id) resolve(reply);
      });
    });
    const late = setTimeout(() => runner.kill('timeout'), timeoutMs + GRACE_MS);
    signal.addEventListener('abort', cancel);
    if (signal.aborted) cancel();
    try {
      runner.send({ kind: 'run', id, code, timeoutMs });
      const answer = await answered;
      return 'kind' in answer
        ? describeAnswer(answer)
        : {
            ...printed,
            figures: [],
            newVariables: [],
            changedVariables: [],
            ending: describeLoss({ ...answer, reason: answer.reason ?? crash }, { ...limits, timeoutMs }),
          };
    } finally {
      clearTimeout(late);
      signal.removeEventListener('abort', cancel);
    }
  };

  const listVariables = async (): Promise<readonly PythonVariable[]> => {
    const id = (lastId += 1);
    const listed = untilAnswered<readonly PythonVariable[]>((resolve) => {
      runner.onReply((reply) => {
        if (reply.kind === 'variables' && reply.id === id) resolve(reply.variables);
      });
    });
    const late = setTimeout(() => runner.kill('it did not list its variables in time'), LIST_LIMIT_MS);
    try {
      runner.send({ kind: 'variables', id });
      const answer = await listed;
      if ('reason' in answer) {
        throw new ToolError(
          'SESSION_LOST',
          'The interpreter ended while it listed its variables, which are lost',
        );
      }
      return answer;
    } finally {
      clearTimeout(late);
    }
  };

  const ended = runner.ended.then(describeEnd);
  return { run, listVariables, ended, [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose]() };
}

function describeAnswer({ outcome, isInterrupted, stdout, stderr }: Ran): CodeOutcome {
  const { error, value, figures, newVariables, changedVariables } = outcome;
  const rest = { stdout, stderr, figures, newVariables, changedVariables };
  if (error === undefined) return { ...rest, ending: { status: 'ok', isLost: false, value } };
  const isTimeout = isInterrupted && error.type === 'KeyboardInterrupt';
  const status = isTimeout ? 'timeout' : error.type === 'MemoryError' ? 'memory' : 'error';
  return { ...rest, ending: { status, isLost: false, error } };
}

function describeLoss(
  { exitCode, reason }: RunnerEnd,
  limits: ProcessLimits & { timeoutMs: number },
): CodeOutcome['ending'] {
  if (reason === 'timeout') {
    const text = `The code ran longer than ${limits.timeoutMs} ms and did not react to the interrupt`;
    return { status: 'timeout', isLost: true, reason: text };
  }
  if (exitCode === limits.outOfMemoryExit) {
    const text = `The interpreter used more memory than its limit of ${limits.memoryMb} MB allows`;
    return { status: 'memory', isLost: true, reason: text };
  }
  const cause = reason === undefined ? '' : ` (${reason})`;
  return { status: 'killed', isLost: true, reason: `The interpreter ended${cause}` };
}
