import type { OAuthConfig } from '../config/oauth-config.ts';
import { errorMessage } from '../errors.ts';
import { printable } from '../untrusted-text.ts';
import type { Grant, GrantChange } from './grant-store.ts';
import { GrantStore } from './grant-store.ts';
import { isPrivate } from './private-address.ts';
import type { ClientIdentity } from './oauth-client.ts';
import type { Wanted } from './renewal.ts';
import type { Authorize } from './sign-in.ts';

const MAX_REASON_CHARS = 300;

export interface AuthorizationOptions {
  readonly server: string;
  readonly url: URL;
  readonly oauth: OAuthConfig;
  readonly identity: ClientIdentity;
  /** Where grants are kept between runs. Absent: they are not. */
  readonly folder: string | undefined;
  /** Absent: nobody can sign in here. */
  readonly authorize: Authorize | undefined;
}

/** A server's refusal of one request: HTTP 401, or 403 for want of a scope. */
export interface Challenge {
  readonly status: 401 | 403;
  /** The header `WWW-Authenticate`. */
  readonly header: string | null;
  /** What the request had. */
  readonly token: string | undefined;
}

/** Why there is no token that a server takes. */
export interface AuthorizationProblem {
  readonly reason: string;
  readonly hint: string;
  /** Whether it stays as long as the user does nothing about it. */
  readonly isFinal: boolean;
}

/**
 * The right to use one server over HTTP, for as long as its connection is configured: it outlives sessions. Tokens are
 * renewed in silence where that is possible; the user is asked by {@link Authorization.signIn} alone. All who need
 * either at the same time share one.
 */
export class Authorization {
  /** Why the last challenge could not be met. Absent: it was, or what was refused since is no matter of tokens. */
  problem: AuthorizationProblem | undefined;
  readonly #options: AuthorizationOptions;
  readonly #store: GrantStore;
  readonly #closing = new AbortController();
  #wanted: Wanted = {};
  #renewing: Promise<boolean> | undefined;
  #signingIn: Promise<boolean> | undefined;

  constructor(options: AuthorizationOptions) {
    const { url, oauth, folder } = options;
    this.#options = options;
    this.#store = new GrantStore(folder, { url, identity: `${oauth.grant} ${oauth.clientId ?? ''}` });
  }

  /** The {@link Authorization.token} that was known last: none before it was asked for. */
  get heldToken(): string | undefined {
    return this.#store.held?.tokens.access_token;
  }

  /** What to send as a bearer token, if there is anything. */
  async token(): Promise<string | undefined> {
    return (await this.#store.current())?.tokens.access_token;
  }

  /** Tries to have another token than the one that was refused, without the user. Resolves whether there is one. */
  renew(challenge: Challenge): Promise<boolean> {
    this.#renewing ??= this.#renew(challenge).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** A refusal that no token changes. */
  dismiss(): void {
    this.problem = undefined;
  }

  /** Has the user sign in for what was refused last. Resolves whether that helped. */
  signIn(): Promise<boolean> {
    const { url, authorize, oauth } = this.#options;
    const isUseful = this.problem?.isFinal === true && isPrivate(url) && oauth.grant === 'authorization_code';
    if (!authorize || !isUseful) return Promise.resolve(false);
    this.#signingIn ??= this.#signIn(authorize).finally(() => {
      this.#signingIn = undefined;
    });
    return this.#signingIn;
  }

  /** Forgets what was given, and tells the issuer where that can be. It is forgotten in any case. */
  async signOut(): Promise<void> {
    const grant = await this.#store.latest();
    if (!grant) return;
    await this.#store.change(() => Promise.resolve({ kind: 'forgotten' }), this.#closing.signal);
    const { revoke } = await import('./renewal.ts');
    // Who cannot be told keeps a token that nobody has.
    await revoke(grant, this.#options).catch(() => undefined);
  }

  /** Ends what is under way. */
  close(): void {
    this.#closing.abort(new Error('The connection is closed'));
  }

  async #renew(challenge: Challenge): Promise<boolean> {
    const { url, oauth } = this.#options;
    if (!isPrivate(url)) {
      const reason = bounded(`${url.host} asks for authorization, which is sent to https alone`);
      return this.#fail({ reason, hint: 'Give it an https address.', isFinal: true });
    }
    const renewal = await import('./renewal.ts');
    const grant = await this.#store.latest();
    this.#wanted = renewal.wantedBy(challenge, { oauth, grant, former: this.#wanted });
    // Another request has renewed it meanwhile, or another process.
    if (grant && grant.tokens.access_token !== challenge.token) return this.#succeed();
    const isForUser = oauth.grant === 'authorization_code';
    if (isForUser && (!grant || challenge.status === 403)) return this.#fail(this.#unsigned(challenge));
    let problem: AuthorizationProblem | undefined;
    const renew = async (newest: Grant | undefined): Promise<GrantChange> => {
      if (newest && newest.tokens.access_token !== challenge.token) return { kind: 'kept' };
      const renewed = isForUser
        ? newest && (await renewal.refresh(newest, this.#wanted, this.#options))
        : await renewal.useCredentials(this.#wanted, this.#options);
      if (renewed?.kind === 'renewed') return { kind: 'set', grant: renewed.grant };
      problem = this.#ended(renewed?.reason ?? 'it was ended here');
      return { kind: 'forgotten' };
    };
    try {
      await this.#store.change(renew, this.#closing.signal);
    } catch (error) {
      problem = this.#unasked(error);
    }
    return problem === undefined ? this.#succeed() : this.#fail(problem);
  }

  async #signIn(authorize: Authorize): Promise<boolean> {
    const { signal } = this.#closing;
    try {
      const { signIn } = await import('./sign-in.ts');
      const grant = await signIn(this.#wanted, { ...this.#options, authorize }, signal);
      await this.#store.change(() => Promise.resolve({ kind: 'set', grant }), signal);
      return this.#succeed();
    } catch (error) {
      const { url, server } = this.#options;
      const reason = bounded(`signing in to ${url.host} failed: ${errorMessage(error)}`);
      return this.#fail({ reason, hint: `Try again: patchbay login ${server}`, isFinal: true });
    }
  }

  #succeed(): boolean {
    this.problem = undefined;
    return true;
  }

  #fail(problem: AuthorizationProblem): boolean {
    this.problem = problem;
    return false;
  }

  #unsigned({ status }: Challenge): AuthorizationProblem {
    const { url, server } = this.#options;
    const { scope } = this.#wanted;
    const more = `more rights than were given${scope === undefined ? '' : ` (${scope})`}`;
    const reason = `${url.host} asks for ${status === 403 ? more : 'authorization'}`;
    const hint = `Sign in: patchbay login ${server}; or set an "Authorization" header for it.`;
    return { reason: bounded(reason), hint, isFinal: true };
  }

  #ended(said: string): AuthorizationProblem {
    const { url, server, oauth } = this.#options;
    if (oauth.grant === 'client_credentials') {
      const reason = bounded(`the authorization server of ${url.host} refuses this program: ${said}`);
      return { reason, hint: `Check "oauth" of "${server}".`, isFinal: true };
    }
    const reason = bounded(`the sign-in to ${url.host} has ended (${said})`);
    return { reason, hint: `Sign in again: patchbay login ${server}`, isFinal: true };
  }

  #unasked(error: unknown): AuthorizationProblem {
    const { url } = this.#options;
    const reason = bounded(`the sign-in to ${url.host} cannot be renewed: ${errorMessage(error)}`);
    return { reason, hint: 'Check the network and the folder of sign-ins.', isFinal: false };
  }
}

function bounded(text: string): string {
  return printable(text).slice(0, MAX_REASON_CHARS);
}
