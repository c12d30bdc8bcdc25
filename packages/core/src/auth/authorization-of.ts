import type { ServerConfig } from '../config/host-config.ts';
import { OAUTH_DEFAULTS } from '../config/oauth-config.ts';
import { Authorization } from './authorization.ts';
import type { ClientIdentity } from './oauth-client.ts';
import type { Authorize } from './sign-in.ts';

export interface SignInOptions {
  /** How this program names itself to authorization servers. */
  readonly identity: ClientIdentity;
  /** Where sign-ins are kept between runs. Absent: they are not. */
  readonly signInFolder?: string | undefined;
  /** Opens the address where the user signs in. Absent: nobody can. */
  readonly authorize?: Authorize | undefined;
}

/** The right to use a server, where that is given by signing in: to what is at an address. */
export function authorizationOf(
  { name, transport }: ServerConfig,
  { identity, signInFolder, authorize }: SignInOptions,
): Authorization | undefined {
  if (transport.kind !== 'http' && transport.kind !== 'sse') return undefined;
  // Who sets the header by hand has said all that there is to say.
  if (Object.keys(transport.headers).some((header) => header.toLowerCase() === 'authorization'))
    return undefined;
  const { url, oauth = OAUTH_DEFAULTS } = transport;
  return new Authorization({ server: name, url, oauth, identity, folder: signInFolder, authorize });
}
