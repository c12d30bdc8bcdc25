import type { Elicit } from '@patchbay/core';

/** What servers ask the user goes to whoever is there to put it before them. */
export class UserQuestions {
  #elicit: Elicit | undefined;

  /** Gives up a question that nobody is there to ask. */
  readonly elicit: Elicit = (request, signal) =>
    this.#elicit ? this.#elicit(request, signal) : Promise.resolve({ action: 'cancel' });

  /** From now on the user is asked. */
  askThrough(elicit: Elicit): void {
    this.#elicit = elicit;
  }
}
