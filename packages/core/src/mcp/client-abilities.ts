import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client, ClientCapabilities } from '@modelcontextprotocol/client';
import type { Elicit } from './elicitation.ts';
import { serveElicitation } from './elicitation.ts';
import type { Questions } from './questions.ts';
import type { Sample } from './sampling.ts';
import { serveSampling } from './sampling.ts';

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

/** Answers what a server asks of this side, in both eras. */
export function serveAbilities(
  client: Client,
  { elicit, sample, roots }: ClientAbilities,
  { server, questions }: { server: string; questions: Questions },
): void {
  if (elicit) serveElicitation(client, { server, elicit, questions });
  if (sample) serveSampling(client, { server, sample, questions });
  if (roots) client.setRequestHandler('roots/list', () => ({ roots: roots().map(toRoot) }));
}

function toRoot(url: URL): { uri: string; name: string } {
  return { uri: url.href, name: basename(fileURLToPath(url)) };
}
