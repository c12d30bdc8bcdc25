import { join } from 'node:path';

/** What is measured. `limit` and `floor` are what the ratios are to; a peer is what Patchbay wants to be ahead of. */
export interface Subject {
  readonly name: string;
  readonly role: 'limit' | 'floor' | 'sdk' | 'peer' | 'patchbay';
  /** The module with its `connect`. */
  readonly client: string;
  /** Whether servers are remembered from an earlier run. */
  readonly isWarm: boolean;
  /** The eras that it can speak. */
  readonly eras: readonly Era[];
}

export type Era = 'legacy' | 'modern';

const here = import.meta.dirname;
const both = ['legacy', 'modern'] as const;

export const subjects: readonly Subject[] = [
  own('limit', { role: 'limit', file: 'limit', eras: both }),
  other('sdk-v1', { role: 'floor', eras: ['legacy'] }),
  other('client-v2', { role: 'sdk', eras: both }),
  other('ai-sdk', { role: 'peer', eras: both }),
  other('langchain', { role: 'peer', eras: ['legacy'] }),
  other('openai-agents', { role: 'peer', eras: ['legacy'] }),
  other('mcporter', { role: 'peer', eras: ['legacy'] }),
  other('mcp-use', { role: 'peer', eras: ['legacy'] }),
  own('patchbay', { role: 'patchbay', file: 'patchbay', eras: both }),
  { ...own('patchbay-warm', { role: 'patchbay', file: 'patchbay', eras: both }), isWarm: true },
];

type Kind = Pick<Subject, 'role' | 'eras'>;

function own(name: string, { file, ...kind }: Kind & { file: string }): Subject {
  const client = join(here, 'clients', `${file}.mjs`);
  return { name, client, isWarm: false, ...kind };
}

function other(name: string, kind: Kind): Subject {
  const client = join(here, 'peers', `${name}.mjs`);
  return { name, client, isWarm: false, ...kind };
}
