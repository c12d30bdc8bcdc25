import type { ModelPrice } from '../model/priced.ts';
import type { OAuthConfig } from './oauth-config.ts';
import type { ToolFilter } from './tool-filter.ts';

/** How a server is reached. `invalid` keeps a server that cannot be started visible, with the reason. */
export type TransportConfig =
  | {
      readonly kind: 'stdio';
      readonly command: string;
      readonly args: readonly string[];
      /** Added to the small environment that every child gets. */
      readonly env: Readonly<Record<string, string>>;
      readonly cwd: string;
    }
  | {
      readonly kind: 'http' | 'sse';
      readonly url: URL;
      readonly headers: Readonly<Record<string, string>>;
      /** Absent: as the server says. */
      readonly oauth?: OAuthConfig | undefined;
    }
  | { readonly kind: 'invalid'; readonly reason: string; readonly hint: string };

/** `auto` asks a server which revisions it speaks; the others skip the question. */
export type ProtocolChoice = 'auto' | 'legacy' | '2026-07-28';

export interface ServerConfig {
  readonly name: string;
  readonly transport: TransportConfig;
  readonly protocol: ProtocolChoice;
  /** `eager` starts with the host; `lazy` with its first call, once its tools are known. */
  readonly start: 'eager' | 'lazy';
  /** A server that had no call for as long is let go until the next one, in milliseconds. Absent: never. */
  readonly idleMs?: number;
  /** Whether its tools' hints are believed, so that a lost call may be repeated when they say that it is harmless. */
  readonly trusted: boolean;
  /** Which of its tools are offered. Absent: all. */
  readonly tools?: ToolFilter;
  /** Longest time from launch to a listed catalog, in milliseconds. */
  readonly startTimeoutMs: number;
  /** Longest silence during one call, in milliseconds; progress from the server starts it anew. */
  readonly timeoutMs: number;
  /** Longest time of one call, in milliseconds, whatever progress it makes. */
  readonly maxTotalMs: number;
}

export interface HostConfig {
  /** Where the configuration was read, for messages. */
  readonly source: string;
  readonly servers: readonly ServerConfig[];
  /**
   * The folders and files, as `file:` URLs, that servers may take for what the user works with. Absent: servers are told
   * that they cannot ask.
   */
  readonly roots?: readonly URL[];
  /** What models cost, by their ids, such as `openai/gpt-5.5`. */
  readonly prices?: Readonly<Record<string, ModelPrice>>;
}
