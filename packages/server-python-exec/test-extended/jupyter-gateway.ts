import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Jupyter Kernel Gateway on this machine, from PyPI, in a virtual environment of its own. */
export interface JupyterGateway extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** How many kernels it runs. */
  countKernels(): Promise<number>;
}

/** Installed as they are when this is run: it is their interface that must fit, not one release. */
const PACKAGES = ['jupyter_kernel_gateway', 'ipykernel', 'matplotlib'];

const START_LIMIT_MS = 60_000;

/** @throws {Error} when it cannot be installed or does not start. */
export async function startJupyterGateway(): Promise<JupyterGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-jupyter-'));
  const bin = join(folder, 'env', 'bin');
  const token = 'sesame';
  let gateway: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (gateway?.exitCode === null && gateway.signalCode === null) {
      gateway.kill('SIGTERM');
      await once(gateway, 'exit');
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    execFileSync('python3', ['-m', 'venv', join(folder, 'env')], { stdio: 'pipe' });
    execFileSync(join(bin, 'python'), ['-m', 'pip', 'install', '-q', ...PACKAGES], { stdio: 'pipe' });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: folder, KG_AUTH_TOKEN: token };
    gateway = spawn(
      join(bin, 'jupyter-kernelgateway'),
      [`--KernelGatewayApp.port=${port}`, '--JupyterWebsocketPersonality.list_kernels=True'],
      { cwd: folder, env, stdio: 'ignore' },
    );
    const ask = (path: string) => fetch(`${url}${path}`, { headers: { authorization: `token ${token}` } });
    const deadline = Date.now() + START_LIMIT_MS;
    while (
      !(await ask('/api').then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (gateway.exitCode !== null || Date.now() > deadline) throw new Error('the gateway does not answer');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return {
      url,
      token,
      async countKernels() {
        const kernels: unknown = await (await ask('/api/kernels')).json();
        return Array.isArray(kernels) ? kernels.length : -1;
      },
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
