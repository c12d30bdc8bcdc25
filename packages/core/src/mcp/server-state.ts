import type { ToolDefinition } from '../tools.ts';
import type { ServerLog } from './server-logs.ts';

/** Why a server cannot be used, and what to do about it. */
export interface Failure {
  readonly reason: string;
  readonly hint?: string | undefined;
  /** Whether it stays as long as the user does nothing about it. */
  readonly isFinal?: boolean | undefined;
}

/** Why a server does not come back after a `loss`: it is down for what ended it first of all. */
export function sinceLoss(loss: Failure | undefined, failure: Failure): Failure {
  // What the user has to do says it all.
  if (!loss || failure.isFinal) return failure;
  return { ...failure, reason: `${loss.reason}; it does not start again: ${failure.reason}` };
}

/** What was found out when the connection was made. */
export interface Agreement {
  /** From launch to the first proof of life, in milliseconds. */
  readonly startMs: number;
  /** Protocol revision that was agreed on, such as `2026-07-28`. */
  readonly protocol: string;
  /** Name and version that the server gives itself. */
  readonly identity: string;
}

/** What was found out, where there is a connection. */
export function agreementIn(state: ServerState): Agreement | undefined {
  if (state.kind !== 'ready' && state.kind !== 'degraded') return undefined;
  const { startMs, protocol, identity } = state;
  return { startMs, protocol, identity };
}

interface Since {
  /** When it came into this state, in milliseconds since 1970. */
  readonly since: number;
}

/**
 * How one server is: `idle` is not running but starts at the first call; `degraded` is connected and usable, but
 * something was wrong with it lately; `down` cannot be used until its next try.
 */
export type ServerState =
  | ({ readonly kind: 'idle' | 'connecting' } & Since)
  | ({ readonly kind: 'ready' } & Since & Agreement)
  | ({ readonly kind: 'degraded'; readonly reason: string } & Since & Agreement)
  | ({
      readonly kind: 'down';
      /** When it may be tried again, in milliseconds since 1970. Absent: only when told to. */
      readonly retryAt?: number;
    } & Since &
      Failure);

/** One server as the outside sees it. A server that went down keeps its tools listed. */
export interface ServerStatus {
  readonly server: string;
  readonly state: ServerState;
  readonly tools: readonly ToolDefinition[];
  /** Entries of the configuration's lists of tools that stand for none of the server's. */
  readonly unmatchedTools: readonly string[];
}

/** A server as it is when it is asked for a sign of life. */
export interface ServerCheck extends ServerStatus {
  /** How long it took to answer, in milliseconds. Absent: it does not run, or did not answer. */
  readonly answerMs?: number;
}

/** What happens with servers by itself, for whoever shows it. */
export type HostEvent =
  | { readonly type: 'server-state'; readonly status: ServerStatus }
  | ({ readonly type: 'server-log'; readonly server: string } & ServerLog);
