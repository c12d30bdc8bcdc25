import type { ClientCapabilities } from '@modelcontextprotocol/client';
import type { Elicit } from './elicitation.ts';
import type { Sample } from './sampling.ts';

/** What servers may ask of this side. They are told of what is there alone. */
export interface ClientAbilities {
  /** Asks the user what a server wants to know. */
  readonly elicit?: Elicit | undefined;
  /** Has a model write what a server asks for. */
  readonly sample?: Sample | undefined;
  /** The folders and files, as `file:` URLs, that the user works with at this moment. */
  readonly roots?: (() => readonly URL[]) | undefined;
}

/** What a client says that it can do for servers. */
export function capabilitiesOf({ elicit, sample, roots }: ClientAbilities): ClientCapabilities {
  return {
    // Fields that the user left out get the defaults that the server's form has for them.
    ...(elicit ? { elicitation: { form: { applyDefaults: true }, url: {} } } : {}),
    ...(sample ? { sampling: { tools: {} } } : {}),
    ...(roots ? { roots: { listChanged: true } } : {}),
  };
}
