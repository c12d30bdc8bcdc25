import type { RunnerReply, RunnerRequest } from '../../session/protocol.ts';
import type { ServeOrder } from '../protocol.ts';
import { EXIT_CRASHED } from '../protocol.ts';
import { createBoundedText } from '../../session/bounded-text.ts';
import { createGuardedFs } from './guarded-fs.ts';
import { sealAfterBoot } from './harden.ts';
import { boot, WORKSPACE_MOUNT } from './interpreter.ts';
import { createInterrupts } from './interrupts.ts';

/** How long listing variables may take, in milliseconds: it calls the `__repr__` of the code's own classes. */
const LIST_LIMIT_MS = 3000;

export interface RunnerHost {
  readonly process: NodeJS.Process;
  readonly reply: (reply: RunnerReply) => void;
}

/** Boots an interpreter, seals the process around it, says that it is ready, and returns what handles requests. */
export async function serveCalls(
  order: ServeOrder,
  host: RunnerHost,
): Promise<(request: RunnerRequest) => void> {
  const { python, driver } = await boot(order);
  const stdout = createBoundedText(order.maxOutputChars);
  const stderr = createBoundedText(order.maxOutputChars);
  const printed = () => ({ stdout: stdout.read(), stderr: stderr.read() });
  const files = createGuardedFs(order.workspace);
  const interrupts = createInterrupts({ process: host.process, maxResidentBytes: order.maxResidentBytes });

  python.setStdout(interrupts.watched(stdout));
  python.setStderr(interrupts.watched(stderr));
  python.setInterruptBuffer(interrupts.buffer);
  // Node's random source is a module that is loaded on first use, which the seal would refuse.
  python.runPython('__import__("os").urandom(1)');
  sealAfterBoot(host.process, files.functions);
  python.FS.mkdirTree(WORKSPACE_MOUNT);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: order.workspace }, WORKSPACE_MOUNT);
  driver.start(WORKSPACE_MOUNT);
  interrupts.stop();
  host.reply({ kind: 'ready' });

  return (request) => {
    const { id, kind } = request;
    if (kind === 'variables') {
      interrupts.start(LIST_LIMIT_MS);
      const variables: unknown = JSON.parse(driver.variables());
      interrupts.stop();
      return host.reply({ kind, id, variables });
    }
    stdout.clear();
    stderr.clear();
    files.startCall();
    interrupts.start(request.timeoutMs, () => host.reply({ kind: 'printed', id, ...printed() }));
    const outcome = runGuarded(() => JSON.parse(driver.run(request.code, order.maxOutputChars)));
    if (outcome instanceof Error) {
      host.reply({ kind: 'printed', id, ...printed() });
      host.reply({ kind: 'crashed', id, message: `${outcome.name}: ${outcome.message}`.slice(0, 200) });
      return host.process.exit(EXIT_CRASHED);
    }
    const isInterrupted = interrupts.stop();
    host.reply({ kind: 'ran', id, isInterrupted, outcome, ...printed() });
  };
}

/**
 * The driver reports what the code raises; what the driver itself raises, out of memory or interrupted, is reported
 * here. Only an exception of Python's leaves the interpreter usable: any other is returned.
 */
function runGuarded(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error)) return new Error(String(error));
    if (error.name !== 'PythonError') return error;
    const type = 'type' in error ? String(error.type) : 'PythonError';
    const last = error.message.trim().split('\n').at(-1) ?? '';
    const message = last.startsWith(`${type}: `) ? last.slice(type.length + 2) : last;
    return { error: { type, message, line: null, traceback: '' }, newVariables: [], changedVariables: [] };
  }
}
