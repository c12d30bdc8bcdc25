import { errorMessage } from '@patchbay/server-kit/program';
import * as z from 'zod';

/** Longest time that a gateway may take to answer, in milliseconds; starting a kernel takes a second or two. */
const ANSWER_LIMIT_MS = 60_000;

export interface GatewayOptions {
  /** Address of a Jupyter Kernel Gateway or Jupyter Server, without `/api`. */
  readonly url: string;
  readonly token: string | undefined;
  /** Name of the kernel to start, for example `python3`. */
  readonly kernelName: string;
}

/** The part of Jupyter's REST interface that starts and ends kernels (jupyter-server's `api.yaml`). */
export interface Gateway {
  /** @throws {Error} with what the gateway said. */
  startKernel(): Promise<string>;
  interrupt(id: string): Promise<void>;
  endKernel(id: string): Promise<void>;
  /** A connection to all channels of a kernel, not yet open. */
  connect(id: string): WebSocket;
}

const kernelSchema = z.object({ id: z.string().regex(/^[\w-]+$/) });

export function createGateway({ url, token, kernelName }: GatewayOptions): Gateway {
  const base = url.replace(/\/+$/, '');
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `token ${token}` };
  const ask = async (method: string, path: string, body?: object): Promise<Response> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    }).catch((error: unknown) => {
      throw new Error(`${base} cannot be reached: ${errorMessage(error)}`, { cause: error });
    });
    if (response.ok) return response;
    const text = (await response.text()).slice(0, 200);
    throw new Error(`${base}${path} answered ${response.status} ${response.statusText}: ${text}`);
  };
  return {
    async startKernel() {
      const response = await ask('POST', '/api/kernels', { name: kernelName });
      return kernelSchema.parse(await response.json()).id;
    },
    interrupt: async (id) => void (await ask('POST', `/api/kernels/${id}/interrupt`)),
    endKernel: async (id) => void (await ask('DELETE', `/api/kernels/${id}`)),
    connect(id) {
      const address = new URL(`${base.replace(/^http/, 'ws')}/api/kernels/${id}/channels`);
      // A WebSocket of the web takes no headers. Jupyter leaves this parameter out of its log.
      if (token !== undefined) address.searchParams.set('token', token);
      return new WebSocket(address);
    },
  };
}
