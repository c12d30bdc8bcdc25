import * as z from 'zod';
import type { OAuthConfig } from './oauth-config.ts';
import { OAUTH_DEFAULTS } from './oauth-config.ts';

const Text = z.string().min(1);

/** The shape of `oauth` in an `mcp.json`. */
export const OAuthEntry: z.ZodType<OAuthConfig> = z
  .strictObject({
    grant: z.enum(['authorization_code', 'client_credentials']).default(OAUTH_DEFAULTS.grant),
    clientId: Text.optional(),
    clientSecret: Text.optional(),
    privateKey: Text.optional(),
    algorithm: Text.default(OAUTH_DEFAULTS.algorithm),
    issuer: Text.optional(),
    scope: Text.optional(),
    callbackPort: z.int().min(0).max(65_535).default(OAUTH_DEFAULTS.callbackPort),
  })
  .refine(({ grant, clientId }) => grant === 'authorization_code' || clientId !== undefined, {
    error: '"client_credentials" needs a "clientId"',
  })
  .refine(
    ({ clientSecret, privateKey, clientId }) =>
      clientId !== undefined || (clientSecret ?? privateKey) === undefined,
    {
      error: 'a secret or key needs a "clientId"',
    },
  );
