import { uptimeMs } from '../uptime.ts';
import type { Usage } from '../usage.ts';
import { addUsage } from '../usage.ts';

/** How far one run may go. At a limit the model gives a last answer without tools. */
export interface RunLimits {
  /** Model turns with tool calls. Default 8. */
  readonly maxTurns?: number;
  /** Tool calls. Default 100. */
  readonly maxCalls?: number;
  /** Time, in milliseconds, looked at between turns: a tool call has its own limit. Default none. */
  readonly maxMs?: number;
  /** Tokens in and out, as the provider counts them. Default none. */
  readonly maxTokens?: number;
}

export const DEFAULT_MAX_TURNS = 8;
const DEFAULT_MAX_CALLS = 100;

/** Which limit was reached, and its value. `repetition` is a call whose result stayed the same. */
export interface ReachedLimit {
  readonly limit: 'turns' | 'calls' | 'time' | 'tokens' | 'repetition';
  readonly value: number;
}

/** Counts what a run uses up. */
export class RunMeter {
  readonly #limits: Required<RunLimits>;
  readonly #startedAt = uptimeMs();
  #turns = 0;
  #calls = 0;
  #usage: Usage | undefined;

  constructor({
    maxTurns = DEFAULT_MAX_TURNS,
    maxCalls = DEFAULT_MAX_CALLS,
    maxMs = Infinity,
    maxTokens = Infinity,
  }: RunLimits = {}) {
    this.#limits = { maxTurns, maxCalls, maxMs, maxTokens };
  }

  /** Begins a turn and gives its number, from 1. */
  beginTurn(): number {
    this.#turns += 1;
    return this.#turns;
  }

  /** Counts one more call; false when it may not be made any more. */
  takeCall(): boolean {
    this.#calls += 1;
    return this.#calls <= this.#limits.maxCalls;
  }

  addUsage(usage: Usage): void {
    this.#usage = this.#usage ? addUsage(this.#usage, usage) : usage;
  }

  /** All that has been used up so far. */
  get usage(): Usage {
    return this.#usage ?? { inputTokens: 0, outputTokens: 0 };
  }

  /** The limit that keeps the run from another turn with tools, if one does. */
  reached(): ReachedLimit | undefined {
    const { maxTurns, maxCalls, maxMs, maxTokens } = this.#limits;
    if (this.#turns >= maxTurns) return { limit: 'turns', value: maxTurns };
    if (this.#calls >= maxCalls) return { limit: 'calls', value: maxCalls };
    if (uptimeMs() - this.#startedAt >= maxMs) return { limit: 'time', value: maxMs };
    const { inputTokens, outputTokens } = this.usage;
    if (inputTokens + outputTokens >= maxTokens) return { limit: 'tokens', value: maxTokens };
    return undefined;
  }
}
