import { join } from 'node:path';
import type { StoredOAuthClientInformation, StoredOAuthTokens } from '@modelcontextprotocol/client';
import { isRecord, parseJsonObject } from '../json.ts';
import { late, sha256 } from '../late-builtins.ts';
import { underLock } from './process-lock.ts';

/** What one server's authorization server has given: good there alone, for that server alone. */
export interface Grant {
  readonly issuer: string;
  /** Who this program is to the issuer. Absent: the configuration says so. */
  readonly client?: StoredOAuthClientInformation | undefined;
  readonly tokens: StoredOAuthTokens;
}

/** What becomes of a grant: another one in its place, none, or the same. */
export type GrantChange =
  | { readonly kind: 'kept' | 'forgotten' }
  | { readonly kind: 'set'; readonly grant: Grant };

/** Changes when what is written changes its meaning: older files then are as good as none. */
const FORMAT = 1;

/** The grant of one server: in memory, and in a file of its own that all processes of the user share. */
export class GrantStore {
  readonly #folder: string | undefined;
  readonly #url: string;
  readonly #name: string;
  #grant: Grant | undefined;
  #read: Promise<void> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** Without a folder nothing is kept beyond this process. `identity` tells grants of one server apart. */
  constructor(folder: string | undefined, { url, identity }: { url: URL; identity: string }) {
    this.#folder = folder;
    this.#url = url.href;
    this.#name = sha256(JSON.stringify([this.#url, identity])).slice(0, 32);
  }

  /** What is in memory: nothing before it was read. */
  get held(): Grant | undefined {
    return this.#grant;
  }

  /** What is known of it here. Another process may have a newer one. */
  async current(): Promise<Grant | undefined> {
    this.#read ??= this.#recall();
    await this.#read;
    return this.#grant;
  }

  /** What there is at this moment, whoever has written it. */
  async latest(): Promise<Grant | undefined> {
    this.#read = this.#recall();
    return this.current();
  }

  /**
   * Changes the grant by what `change` makes of the newest one there is. No other process changes it meanwhile, so what
   * is given out once can be used once: a refresh token.
   */
  change(change: (grant: Grant | undefined) => Promise<GrantChange>, signal: AbortSignal): Promise<void> {
    const turn = this.#turn.then(() => this.#change(change, signal));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #change(
    change: (grant: Grant | undefined) => Promise<GrantChange>,
    signal: AbortSignal,
  ): Promise<void> {
    const file = this.#file();
    const work = async (): Promise<void> => {
      await this.#recall();
      const changed = await change(this.#grant);
      if (changed.kind === 'kept') return;
      this.#grant = changed.kind === 'set' ? changed.grant : undefined;
      if (file === undefined) return;
      if (this.#grant) await this.#write(file, this.#grant);
      else await late.files.rm(file, { force: true });
    };
    if (file === undefined || this.#folder === undefined) return work();
    await late.files.mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await underLock(`${file}.lock`, signal, work);
  }

  #file(): string | undefined {
    return this.#folder === undefined ? undefined : join(this.#folder, `${this.#name}.json`);
  }

  async #recall(): Promise<void> {
    const file = this.#file();
    if (file === undefined) return;
    const text = await late.files.readFile(file, 'utf8').catch(() => '');
    const value = parseJsonObject(text);
    this.#grant = isStored(value) && value.url === this.#url ? value.grant : undefined;
  }

  /** On disk before anything goes on: the token that it takes the place of may be worth nothing any more. */
  async #write(file: string, grant: Grant): Promise<void> {
    const draft = `${file}.${late.crypto.randomUUID()}`;
    try {
      const handle = await late.files.open(draft, 'wx', 0o600);
      try {
        await handle.writeFile(JSON.stringify({ format: FORMAT, url: this.#url, grant }));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await late.files.rename(draft, file);
    } catch (error) {
      await late.files.rm(draft, { force: true });
      throw error;
    }
  }
}

interface Stored {
  readonly url: string;
  readonly grant: Grant;
}

function isStored(value: unknown): value is Stored {
  if (!isRecord(value) || value['format'] !== FORMAT || typeof value['url'] !== 'string') return false;
  const { grant } = value;
  return (
    isRecord(grant) &&
    typeof grant['issuer'] === 'string' &&
    (grant['client'] === undefined ||
      (isRecord(grant['client']) && typeof grant['client']['client_id'] === 'string')) &&
    isRecord(grant['tokens']) &&
    typeof grant['tokens']['access_token'] === 'string'
  );
}
