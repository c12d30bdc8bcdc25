import type { Questions } from './questions.ts';

/**
 * The two limits of one call: of silence, which any sign of progress starts anew and which does not run while the user
 * is asked something; and of all together, which nothing moves.
 */
export class TimeLimits {
  /** Which limit was passed, in milliseconds. */
  passed: number | undefined;
  readonly #silenceMs: number;
  readonly #questions: Questions;
  readonly #onPassed: () => void;
  readonly #total: NodeJS.Timeout;
  #silence: NodeJS.Timeout | undefined;

  constructor(
    { timeoutMs, maxTotalMs }: { readonly timeoutMs: number; readonly maxTotalMs: number },
    questions: Questions,
    onPassed: () => void,
  ) {
    this.#silenceMs = timeoutMs;
    this.#questions = questions;
    this.#onPassed = onPassed;
    this.#total = setTimeout(() => this.#pass(maxTotalMs), maxTotalMs);
    this.restart();
  }

  /** Something was heard. */
  restart(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      if (this.#questions.areOpen) this.restart();
      else this.#pass(this.#silenceMs);
    }, this.#silenceMs);
  }

  stop(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#silence);
  }

  #pass(limitMs: number): void {
    this.stop();
    this.passed = limitMs;
    this.#onPassed();
  }
}
