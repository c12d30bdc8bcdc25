import type { Elicit, Sample } from '@patchbay/core';

/** What servers ask the user, and the user's model, goes to whoever is there to put it before them. */
export class UserQuestions {
  #elicit: Elicit | undefined;
  #sample: Sample | undefined;

  /** Gives up a question that nobody is there to ask. */
  readonly elicit: Elicit = (request, signal) =>
    this.#elicit ? this.#elicit(request, signal) : Promise.resolve({ action: 'cancel' });

  /** Refuses what nobody is there to allow. */
  readonly sample: Sample = (request, signal) =>
    this.#sample
      ? this.#sample(request, signal)
      : Promise.resolve({ action: 'refuse', reason: 'there is nobody to allow it' });

  /** From now on the user is asked. */
  askThrough(elicit: Elicit, sample: Sample): void {
    this.#elicit = elicit;
    this.#sample = sample;
  }
}
