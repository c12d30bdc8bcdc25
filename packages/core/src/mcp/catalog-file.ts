import { join } from 'node:path';
import type { PriorDiscovery, Tool } from '@modelcontextprotocol/client';
import type { ServerConfig } from '../config/host-config.ts';
import { isRecord, parseJsonObject } from '../json.ts';
import { fingerprint } from '../fingerprint.ts';
import { late, sha256 } from '../late-builtins.ts';
import { isDiscoverResult } from './wire/greeting.ts';
import { isTool } from './wire/tool-list.ts';

/** What one server said of itself the last time, so that the next start need not ask. */
export interface RememberedServer {
  readonly verdict: PriorDiscovery;
  /** When the verdict was found, by asking, in milliseconds since 1970. */
  readonly probedAt: number;
  /** Name and version that it gave itself. */
  readonly identity: string;
  readonly tools: readonly Tool[];
}

/** Changes when what is written changes its meaning: older files then are as good as none. */
const FORMAT = 1;

/** Longest file that is read, in bytes: longer ones take longer than to ask the server. */
const MAX_BYTES = 32 * 1024 * 1024;

/** How long a verdict is believed. A server that was upgraded goes on answering the older handshake for ever. */
const LEGACY_VERDICT_MS = 24 * 3_600_000;
const MODERN_VERDICT_MS = 30 * 24 * 3_600_000;

/**
 * The name of a server's file: a hash of all that decides what process or address is spoken to, and how. Two
 * configurations that launch the same share it; a changed argument, variable or header makes another.
 */
export function catalogKey(
  { transport, protocol }: Pick<ServerConfig, 'transport' | 'protocol'>,
  /** What the client can do for the server, which may offer more tools to one that can. */
  abilities: readonly string[] = [],
): string {
  const isRemote = transport.kind === 'http' || transport.kind === 'sse';
  const launch = isRemote ? { ...transport, url: transport.url.href } : transport;
  const text = JSON.stringify([FORMAT, protocol, launch, abilities]);
  // Nobody may make an address that is taken for another. Who can have a program started need not trouble to.
  return isRemote ? sha256(text).slice(0, 32) : fingerprint(text);
}

/** One server's memory between runs: a file of its own, written whole and put in place by one rename. */
export class CatalogFile {
  readonly #folder: string;
  readonly #key: () => string;
  #known: string | undefined;
  #written: string | undefined;

  /** `key` is made when it is wanted first: no start should wait for it. */
  constructor(folder: string, key: () => string) {
    this.#folder = folder;
    this.#key = key;
  }

  get #path(): string {
    this.#known ??= join(this.#folder, `${this.#key()}.json`);
    return this.#known;
  }

  /**
   * What is remembered, if there is anything usable: a missing, cut or foreign file is none. It is read at once: to have
   * a thread of Node do it takes longer than most such files, at each start.
   */
  read(): RememberedServer | undefined {
    const text = readIfThere(this.#path);
    const value = text === undefined ? undefined : parseJsonObject(text);
    if (!isRemembered(value)) return undefined;
    this.#written = text;
    return value;
  }

  /** Remembers. What cannot be written costs the next start its speed, and nothing else. */
  async write({ verdict, probedAt, identity, tools }: RememberedServer): Promise<void> {
    const draft = `${this.#path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    try {
      const text = JSON.stringify({ format: FORMAT, verdict, probedAt, identity, tools });
      if (text === this.#written) return;
      // A catalog may tell of private things, as a private server's tools do.
      await late.files.mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await late.files.writeFile(draft, text, { mode: 0o600 });
      // Another process may do the same at this moment: either file is whole, and either is right.
      await late.files.rename(draft, this.#path);
      this.#written = text;
    } catch {
      await late.files.rm(draft, { force: true }).catch(() => undefined);
    }
  }
}

/** The remembered verdict, while it may still be believed. */
export function freshVerdict(
  { verdict, probedAt }: RememberedServer,
  now: number,
): PriorDiscovery | undefined {
  const age = now - probedAt;
  const limit = verdict.kind === 'legacy' ? LEGACY_VERDICT_MS : MODERN_VERDICT_MS;
  return age >= 0 && age < limit ? verdict : undefined;
}

function readIfThere(path: string): string | undefined {
  const { statSync, readFileSync } = late.fileSystem;
  try {
    // To read another thing, such as a pipe, could take for ever, and nothing else would be done meanwhile.
    const about = statSync(path);
    return about.isFile() && about.size <= MAX_BYTES ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function isRemembered(value: unknown): value is RememberedServer {
  return (
    isRecord(value) &&
    value['format'] === FORMAT &&
    typeof value['probedAt'] === 'number' &&
    typeof value['identity'] === 'string' &&
    isVerdict(value['verdict']) &&
    Array.isArray(value['tools']) &&
    value['tools'].every(isTool)
  );
}

function isVerdict(value: unknown): value is PriorDiscovery {
  if (!isRecord(value)) return false;
  return value['kind'] === 'legacy' || (value['kind'] === 'modern' && isDiscoverResult(value['discover']));
}
