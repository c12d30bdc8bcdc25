import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/client';
import type { ClientAbilities } from './client-abilities.ts';
import { capabilitiesOf } from './client-abilities.ts';
import { serveElicitation } from './elicitation.ts';
import type { Questions } from './questions.ts';
import { serveSampling } from './sampling.ts';
import type { Greeting } from './wire/greeting.ts';
import { SdkLink } from './wire/sdk-link.ts';
import type { Wire } from './wire/wire.ts';

interface SdkUser {
  readonly server: string;
  readonly client: { readonly name: string; readonly version: string };
  readonly abilities: ClientAbilities;
  readonly questions: Questions;
}

/** Brings the SDK's client to a connection, able to answer what the server asks. Loading this loads the SDK. */
export function attachSdk(
  wire: Wire,
  greeting: Greeting,
  { server, client: info, abilities, questions }: SdkUser,
): Promise<SdkLink> {
  return SdkLink.attach(wire, greeting, {
    client: info,
    capabilities: capabilitiesOf(abilities),
    prepare: (client) => serveAbilities(client, abilities, { server, questions }),
  });
}

/** Answers what a server asks of this side, in both eras. */
function serveAbilities(
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
