import { errorMessage, ToolError } from '@patchbay/server-kit/program';
import type { PythonBackend } from '../backend.ts';
import { parsePython, PYTHON_QUESTION } from '../cpython/host-python.ts';
import { createProcessSession } from '../session/process-session.ts';
import type { GatewayOptions } from './gateway.ts';
import { createGateway } from './gateway.ts';
import { startKernelRunner } from './kernel-runner.ts';

/** Kernels have no exit code of their own here. */
const NO_EXIT_CODE = -1;

export interface JupyterOptions extends GatewayOptions {
  /** The workspace as the machine of the kernels sees it. */
  readonly folder: string | undefined;
  readonly maxOutputChars: number;
}

/**
 * Python in the kernels of a Jupyter Kernel Gateway or Jupyter Server, a kernel for each session.
 *
 * @throws {Error} when the gateway cannot be reached or starts no kernel of Python.
 */
export async function createJupyterBackend(options: JupyterOptions): Promise<PythonBackend> {
  const { folder, maxOutputChars, url, kernelName } = options;
  const gateway = createGateway(options);
  const start = () => startKernelRunner({ gateway, folder, maxOutputChars });
  await using first = await start();
  const { version, packages } = parsePython(await first.ask(PYTHON_QUESTION));
  const shared =
    folder === undefined
      ? 'Not shared with this server: files that code writes stay on the machine of the kernel, and the workspace is not there.'
      : `The workspace is taken to be ${folder} there.`;
  return {
    name: 'jupyter',
    summary: {
      modules: ['Standard library', ...packages].join(', '),
      missing: 'runs on another machine, without a sandbox of this server',
      ...(folder === undefined ? { warning: 'Files are not shared with other tools' } : {}),
    },
    facts: async () => ({
      pythonVersion: version,
      modules: `What the kernel "${kernelName}" of ${url} has, for example ${packages.join(', ') || 'its standard library'}.`,
      isolation: [
        'Whatever the operator of the gateway set up: this server adds none. Code runs with all rights of the kernel, which by itself may read files, start programs and use the network.',
        'On the machine of this server, nothing runs.',
        `Files: ${shared}`,
      ],
      caveats: [
        'Sessions of one gateway can reach each other where its kernels share an account.',
        'Memory, disk and processes are limited by the gateway alone. Time is limited: a kernel that does not react to an interrupt is ended.',
        'A server that is killed cannot end its kernels; the gateway ends idle ones if it is set up to.',
      ],
    }),
    async openSession() {
      try {
        const memoryMb = Infinity;
        return createProcessSession(await start(), { memoryMb, outOfMemoryExit: NO_EXIT_CODE });
      } catch (error) {
        throw new ToolError('BACKEND_UNAVAILABLE', `No kernel could be started: ${errorMessage(error)}`, {
          hint: 'See whether the gateway runs and has kernels left.',
          cause: error,
        });
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}
