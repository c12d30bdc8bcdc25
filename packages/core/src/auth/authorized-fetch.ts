import type { FetchLike } from '@modelcontextprotocol/client';
import type { Authorization, Challenge } from './authorization.ts';

/** How often one request is sent again with another token. */
export const MAX_RENEWALS = 2;

/**
 * `fetch` with the bearer token of a server. What is refused for it is sent again with another one, where that is to be
 * had in silence; else the refusal is the answer.
 */
export function authorizedFetch(authorization: Authorization): FetchLike {
  return async (url, init) => {
    for (let renewals = 0; ; renewals += 1) {
      const token = await authorization.token();
      const headers = new Headers(init?.headers);
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
      const response = await fetch(url, { ...init, headers });
      const header = response.headers.get('www-authenticate');
      const challenge = challengeOf({ status: response.status, header, token });
      if (!challenge && response.status === 403) authorization.dismiss();
      if (!challenge || renewals >= MAX_RENEWALS || !(await authorization.renew(challenge))) return response;
      await response.body?.cancel();
    }
  };
}

/** What a refusal wants, if it is one that another token may change (RFC 6750 §3.1). */
export function challengeOf(refusal: {
  readonly status: number;
  readonly header: string | null;
  readonly token: string | undefined;
}): Challenge | undefined {
  const { status, header, token } = refusal;
  if (status === 401) return { status, header, token };
  if (status === 403 && header?.includes('insufficient_scope')) return { status, header, token };
  return undefined;
}
