import type { RunnerReply, RunnerRequest } from '../session/protocol.ts';
import { createBoundedText } from '../session/bounded-text.ts';
import { readDriver } from '../session/driver-source.ts';
import type { CheckedReply } from '../session/replies.ts';
import { parseReply } from '../session/replies.ts';
import type { RunnerEnd, RunnerProcess } from '../session/runner-process.ts';
import type { Gateway } from './gateway.ts';
import type { KernelConnection } from './kernel-connection.ts';
import { connectKernel } from './kernel-connection.ts';

export interface KernelRunnerOptions {
  readonly gateway: Gateway;
  /** Where the kernel finds the workspace; undefined leaves it where it starts. */
  readonly folder: string | undefined;
  readonly maxOutputChars: number;
}

/** A runner that is a kernel somewhere else, and what can be asked of it before code runs. */
export interface KernelRunner extends RunnerProcess {
  /** What a program prints that is run apart from everything else. */
  ask(program: string): Promise<string>;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** @throws {Error} when no kernel starts, or it is not one of Python. */
export async function startKernelRunner(options: KernelRunnerOptions): Promise<KernelRunner> {
  const { gateway, folder, maxOutputChars } = options;
  const kernel = await connectKernel(gateway);
  const end = Promise.withResolvers<RunnerEnd>();
  let isEnding = false;
  const kill = (reason: string): void => {
    if (isEnding) return;
    isEnding = true;
    kernel.close();
    // A gateway that cannot be told ends idle kernels by its own rules.
    gateway
      .endKernel(kernel.id)
      .catch(() => undefined)
      .finally(() => end.resolve({ exitCode: null, reason, stderr: '' }));
  };
  void kernel.ended.then(kill);
  try {
    await loadDriver(kernel, folder);
  } catch (error) {
    kill('it has no driver');
    throw error;
  }

  let listener: ((reply: CheckedReply) => void) | undefined;
  const reply = (message: RunnerReply): void => {
    const checked = parseReply(JSON.stringify(message));
    if (checked === undefined) kill('it sent something that is not a reply');
    else listener?.(checked);
  };
  const run = async ({ id, code, timeoutMs }: Extract<RunnerRequest, { kind: 'run' }>): Promise<void> => {
    const streams = { stdout: createBoundedText(maxOutputChars), stderr: createBoundedText(maxOutputChars) };
    const printed = () => ({ stdout: streams.stdout.read(), stderr: streams.stderr.read() });
    let isInterrupted = false;
    const timer = setTimeout(() => {
      isInterrupted = true;
      // What does not react is ended by whoever waits for the reply.
      gateway.interrupt(kernel.id).catch(() => undefined);
    }, timeoutMs);
    const answer = await kernel.ask({
      code: `DRIVER.run_in_kernel('${base64(code)}', ${maxOutputChars})`,
      onStream(name, text) {
        streams[name].write(Buffer.from(text));
        reply({ kind: 'printed', id, ...printed() });
      },
    });
    clearTimeout(timer);
    const { kind } = answer;
    const failure = kind === 'failure' && { type: answer.type, message: answer.message.slice(0, 2000) };
    const outcome: unknown = failure
      ? { error: { ...failure, line: null, traceback: '' }, newVariables: [], changedVariables: [] }
      : JSON.parse(kind === 'answer' ? answer.text : '');
    reply({ kind: 'ran', id, isInterrupted, outcome, ...printed() });
  };
  const list = async (id: number): Promise<void> => {
    const answer = await kernel.ask({ code: 'DRIVER.list_in_kernel()' });
    if (answer.kind === 'failure') return kill(`it cannot list its variables: ${answer.type}`);
    reply({ kind: 'variables', id, variables: JSON.parse(answer.text) });
  };

  return {
    ended: end.promise,
    kill,
    send(request) {
      const work = request.kind === 'run' ? run(request) : list(request.id);
      work.catch(() => kill('it sent something that is not a reply'));
    },
    onReply: (next) => void (listener = next),
    async ask(program) {
      const answer = await kernel.ask({ code: `DRIVER.ask_in_kernel('${base64(program)}')` });
      if (answer.kind === 'failure') throw new Error(`${answer.type}: ${answer.message}`);
      return answer.text;
    },
    async [Symbol.asyncDispose]() {
      kill('the session was closed');
      await end.promise;
    },
  };
}

async function loadDriver(kernel: KernelConnection, folder: string | undefined): Promise<void> {
  const driver = base64(await readDriver(['jupyter/kernel.py']));
  const load = [
    "__import__('sys').modules['patchbay_driver'] = __import__('types').ModuleType('patchbay_driver')",
    `exec(compile(__import__('base64').b64decode('${driver}'), 'patchbay_driver.py', 'exec'), DRIVER.__dict__)`,
    `DRIVER.start_in_kernel(__import__('json').loads(__import__('base64').b64decode('${base64(JSON.stringify(folder ?? null))}')))`,
  ];
  const lost = kernel.ended.then(
    (reason) => ({ kind: 'failure', type: 'KernelLost', message: reason }) as const,
  );
  const answer = await Promise.race([kernel.ask({ code: load.join('\n') }), lost]);
  if (answer.kind === 'failure')
    throw new Error(`the kernel cannot be used: ${answer.type}: ${answer.message}`);
}
