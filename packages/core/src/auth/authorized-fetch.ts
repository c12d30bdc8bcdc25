import type { FetchLike } from '@modelcontextprotocol/client';
import type { Authorization, Challenge } from './authorization.ts';

/** How often one request is sent again with another token. */
const MAX_RENEWALS = 2;

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
      const answer = { status: response.status, header: response.headers.get('www-authenticate'), token };
      if (!(await mayResend(authorization, answer, renewals))) return response;
      await response.body?.cancel();
    }
  };
}

interface Answer {
  readonly status: number;
  /** The header `WWW-Authenticate`. */
  readonly header: string | null;
  /** What the request had. */
  readonly token: string | undefined;
}

/** Whether an answer is a refusal after which the same may be sent once more, as there is another token now. */
export async function mayResend(
  authorization: Authorization,
  answer: Answer,
  renewals: number,
): Promise<boolean> {
  const challenge = challengeOf(answer);
  if (!challenge && answer.status === 403) authorization.dismiss();
  return challenge !== undefined && renewals < MAX_RENEWALS && authorization.renew(challenge);
}

/** What a refusal wants, if it is one that another token may change (RFC 6750 §3.1). */
function challengeOf({ status, header, token }: Answer): Challenge | undefined {
  if (status === 401) return { status, header, token };
  if (status === 403 && header?.includes('insufficient_scope')) return { status, header, token };
  return undefined;
}
