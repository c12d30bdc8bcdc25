import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthorizationServer, ProtectedServer } from '@patchbay/testing';
import { startAuthorizationServer, startProtectedServer } from '@patchbay/testing';
import type { Authorize } from '../../src/auth/sign-in.ts';
import type { OAuthConfig } from '../../src/config/oauth-config.ts';
import { OAUTH_DEFAULTS } from '../../src/config/oauth-config.ts';
import type { Host } from '../../src/host.ts';
import { createHost } from '../../src/host.ts';
import { DEFAULTS } from './served.ts';

export interface SignInWorld extends AsyncDisposable {
  readonly issuer: AuthorizationServer;
  readonly server: ProtectedServer;
  readonly folder: string;
  /** A host of that one server, named `s`. */
  host(options?: WorldOptions): Host;
}

interface WorldOptions {
  readonly authorize?: Authorize;
  readonly oauth?: Partial<OAuthConfig>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly kind?: 'http' | 'sse';
  readonly startTimeoutMs?: number;
}

/** A user who goes where they are sent and always agrees, in a browser that follows. */
export const browse: Authorize = async ({ url }) => {
  await (await fetch(url)).text();
};

/** An authorization server, a server that wants its tokens, and a folder for sign-ins. */
export async function signInWorld(): Promise<SignInWorld> {
  const issuer = await startAuthorizationServer();
  const server = await startProtectedServer(issuer);
  const parent = await mkdtemp(join(tmpdir(), 'sign-ins-'));
  const folder = join(parent, 'sign-ins');
  return {
    issuer,
    server,
    folder,
    host({ authorize, oauth, headers = {}, kind = 'http', ...limits } = {}) {
      const transport = { kind, url: new URL(server.url), headers, oauth: { ...OAUTH_DEFAULTS, ...oauth } };
      return createHost(
        { source: 'test', servers: [{ ...DEFAULTS, ...limits, name: 's', transport }] },
        {
          env: process.env,
          client: { name: 'test', version: '1', title: 'The Test' },
          signInFolder: folder,
          authorize,
        },
      );
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await issuer[Symbol.asyncDispose]();
      await rm(parent, { recursive: true });
    },
  };
}
