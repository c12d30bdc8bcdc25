import { createHash, randomUUID } from 'node:crypto';

/** Why a token request is refused, by the code of RFC 6749 §5.2. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token?: string;
}

interface Code {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly scope: string;
}

/** One sign-in of a user: its tokens end together. */
interface Family {
  readonly clientId: string;
  readonly scope: string;
  refreshToken: string;
  isOver: boolean;
}

/** What an authorization server has given out, as strict as RFC 9700 wants it: codes and refresh tokens work once. */
export class IssuedGrants {
  readonly #codes = new Map<string, Code>();
  readonly #access = new Map<string, Family>();
  readonly #refresh = new Map<string, Family>();

  code(code: Code): string {
    const id = randomUUID();
    this.#codes.set(id, code);
    return id;
  }

  /** @throws {Refusal} */
  redeem(id: string, given: { clientId: string; redirectUri: string; verifier: string }): TokenAnswer {
    const code = this.#codes.get(id);
    this.#codes.delete(id);
    if (!code) throw new Refusal('invalid_grant', 'There is no such code');
    if (code.clientId !== given.clientId) throw new Refusal('invalid_grant', 'The code is another client’s');
    if (code.redirectUri !== given.redirectUri) throw new Refusal('invalid_grant', 'Another redirect_uri');
    const challenge = createHash('sha256').update(given.verifier).digest('base64url');
    if (challenge !== code.challenge) throw new Refusal('invalid_grant', 'The code_verifier is wrong');
    return this.#issue({ clientId: code.clientId, scope: code.scope, refreshToken: '', isOver: false });
  }

  /** A refresh token that is used again ends the whole sign-in. @throws {Refusal} */
  refresh(token: string, clientId: string): TokenAnswer {
    const family = this.#refresh.get(token);
    if (!family || family.isOver || family.clientId !== clientId)
      throw new Refusal('invalid_grant', 'No such token');
    if (family.refreshToken !== token) {
      family.isOver = true;
      throw new Refusal('invalid_grant', 'The token was used before');
    }
    return this.#issue(family);
  }

  /** A token for a client by itself: without a user there is nothing to refresh. */
  forClient(clientId: string, scope: string): TokenAnswer {
    const { refresh_token: _none, ...answer } = this.#issue({
      clientId,
      scope,
      refreshToken: '',
      isOver: false,
    });
    return answer;
  }

  /** The scopes of an access token that is good. */
  scopesOf(accessToken: string): readonly string[] | undefined {
    const family = this.#access.get(accessToken);
    return family && !family.isOver ? family.scope.split(' ') : undefined;
  }

  expireAccess(): void {
    this.#access.clear();
  }

  /** Ends the sign-in that a token is of. */
  revoke(token: string, clientId: string): void {
    const family = this.#refresh.get(token) ?? this.#access.get(token);
    if (family?.clientId === clientId) family.isOver = true;
  }

  revokeAll(): void {
    for (const family of this.#refresh.values()) family.isOver = true;
  }

  #issue(family: Family): TokenAnswer {
    const [access, refresh] = [randomUUID(), randomUUID()];
    family.refreshToken = refresh;
    this.#access.set(access, family);
    this.#refresh.set(refresh, family);
    return {
      access_token: access,
      token_type: 'Bearer',
      expires_in: 3600,
      scope: family.scope,
      refresh_token: refresh,
    };
  }
}
