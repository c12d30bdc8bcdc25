import { PatchbayError } from '@patchbay/core';

/** What is kept between runs, and may have no room. */
export type Kept = 'conversation' | 'history' | 'results';

type Tell = (error: PatchbayError) => void;

const HINT = 'Use --data-dir <folder> to keep it elsewhere. All goes on, without saving.';

/** Tells once of each thing that cannot be kept, and why. What is found out before anybody listens is told then. */
export class NotKept {
  readonly #found = new Map<Kept, PatchbayError>();
  #tell: Tell | undefined;

  report(what: Kept, { code, message, cause }: PatchbayError): void {
    if (this.#found.has(what)) return;
    const error = new PatchbayError(code, message, { hint: HINT, cause });
    this.#found.set(what, error);
    this.#tell?.(error);
  }

  /** From now on `tell` hears of it. */
  tellThrough(tell: Tell): void {
    this.#tell = tell;
    for (const error of this.#found.values()) tell(error);
  }
}
