import type {
  ClientCapabilities,
  DiscoverResult,
  InitializeResult,
  PriorDiscovery,
  ServerCapabilities,
} from '@modelcontextprotocol/client';
import type { ProtocolChoice } from '../../config/host-config.ts';
import { isRecord } from '../../json.ts';
import { PROTOCOL_META_KEY } from './message.ts';
import type { Fields, Wire } from './wire.ts';
import { ConnectionLostError, EraError, HttpAnswerError, NotSentError, RemoteError } from './wire-errors.ts';

const MODERN = '2026-07-28';
const LEGACY = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'] as const;
/** The error of a server that does not speak the revision of a request. */
const UNSUPPORTED_PROTOCOL = -32_022;
const SERVER_INFO_META_KEY = 'io.modelcontextprotocol/serverInfo';

/** What a server said of itself when the connection was made, as it came. */
export type Greeting =
  | { readonly era: 'modern'; readonly discover: DiscoverResult }
  | {
      readonly era: 'legacy';
      readonly initialized: InitializeResult;
      /** Where the server speaks the newer era too, but said so only after it had been greeted in this one. */
      readonly discover?: DiscoverResult | undefined;
    };

export interface Greeter {
  /** What to speak, or what an earlier connection found out. */
  readonly era: ProtocolChoice | PriorDiscovery;
  readonly client: { readonly name: string; readonly version: string };
  readonly capabilities: ClientCapabilities;
  /** For each question to the server, in milliseconds. */
  readonly timeoutMs: number;
  /** How long it may be silent before it is greeted as an older one. Absent where silence means nothing, as over HTTP. */
  readonly patienceMs?: number | undefined;
}

/**
 * Agrees with a server on the era, in as few messages as can be. Rejects with {@link EraError} where another
 * connection to the same server, in the older era, may go better.
 */
export async function greet(wire: Wire, greeter: Greeter): Promise<Greeting> {
  const { era, patienceMs } = greeter;
  if (typeof era === 'object' && era.kind === 'modern') return speakModern(wire, greeter, era.discover);
  if (era !== 'auto' && era !== MODERN) return speakLegacy(wire, greeter);
  const interest = new AbortController();
  const asked = probe(wire, { ...greeter, signal: interest.signal });
  if (patienceMs !== undefined && (await isSilent(asked, patienceMs)))
    return breakSilence(wire, greeter, asked).finally(() => interest.abort());
  const discover = await asked;
  if (discover) return speakModern(wire, greeter, discover);
  if (era === MODERN) throw new Error(`The server does not speak ${MODERN}`);
  return speakLegacy(wire, greeter);
}

/** Name and version that a server gives itself. */
export function identityOf(greeting: Greeting): string {
  const isLegacy = greeting.era === 'legacy';
  const info: unknown = isLegacy
    ? greeting.initialized.serverInfo
    : greeting.discover['_meta']?.[SERVER_INFO_META_KEY];
  const { name = '?', version = '?' } = isRecord(info) ? info : {};
  return `${String(name)} ${String(version)}`;
}

export function capabilitiesIn(greeting: Greeting): ServerCapabilities {
  return (greeting.era === 'legacy' ? greeting.initialized : greeting.discover).capabilities;
}

/** Protocol revision that was agreed on. */
export function protocolOf(greeting: Greeting): string {
  return greeting.era === 'legacy' ? greeting.initialized.protocolVersion : MODERN;
}

/** Enough of a check for what is then taken as it is. */
export function isDiscoverResult(value: unknown): value is DiscoverResult {
  return isRecord(value) && Array.isArray(value['supportedVersions']) && isRecord(value['capabilities']);
}

function speakModern(wire: Wire, greeter: Greeter, discover: DiscoverResult): Greeting {
  wire.envelope = envelopeOf(greeter);
  wire.channel.setProtocolVersion?.(MODERN);
  return { era: 'modern', discover };
}

function envelopeOf({ client, capabilities }: Greeter): Fields {
  return {
    [PROTOCOL_META_KEY]: MODERN,
    'io.modelcontextprotocol/clientInfo': { ...client },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
}

/** Asks which era the server speaks. `undefined` when its answer, whatever it is, is that of an older one. */
async function probe(
  wire: Wire,
  greeter: Greeter & { readonly signal: AbortSignal },
  tries = 2,
): Promise<DiscoverResult | undefined> {
  try {
    const { timeoutMs, signal } = greeter;
    const params = { _meta: envelopeOf(greeter) };
    const answer = await wire.request('server/discover', params, { timeoutMs, signal });
    return isDiscoverResult(answer) && answer.supportedVersions.includes(MODERN) ? answer : undefined;
  } catch (error) {
    if (error instanceof RemoteError && tries > 1 && isInvitation(error))
      return probe(wire, greeter, tries - 1);
    if (isOfOlderServer(error)) return undefined;
    if (error instanceof ConnectionLostError || error instanceof NotSentError)
      throw new EraError('it ended when it was asked which protocol it speaks', { cause: error });
    throw error;
  }
}

function isOfOlderServer(error: unknown): boolean {
  if (error instanceof HttpAnswerError) return ![401, 403, 407, 429].includes(error.status);
  return error instanceof RemoteError;
}

/** Whether a server refuses a revision and names it in the same breath as one that it speaks. */
function isInvitation({ code, data }: RemoteError): boolean {
  const supported = isRecord(data) ? data['supported'] : undefined;
  return code === UNSUPPORTED_PROTOCOL && Array.isArray(supported) && supported.includes(MODERN);
}

async function isSilent(asked: Promise<unknown>, patienceMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(true), patienceMs);
  const isHeard = (): void => resolve(false);
  asked.then(isHeard, isHeard);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Greets a process that has not said which era it speaks: an older one, or one that is still starting. That one answers
 * the question before the greeting, so that it is known for what it is the next time; and where it then takes no
 * greeting any more, it is spoken to as it said.
 */
async function breakSilence(
  wire: Wire,
  greeter: Greeter,
  asked: Promise<DiscoverResult | undefined>,
): Promise<Greeting> {
  const late: { discover?: DiscoverResult | undefined } = {};
  asked.then(
    (discover) => (late.discover = discover),
    () => undefined,
  );
  try {
    return { ...(await speakLegacy(wire, greeter)), ...late };
  } catch (error) {
    const discover = error instanceof RemoteError ? await asked.catch(() => undefined) : undefined;
    if (!discover) throw error;
    return speakModern(wire, greeter, discover);
  }
}

async function speakLegacy(
  wire: Wire,
  { client, capabilities, timeoutMs }: Greeter,
): Promise<Extract<Greeting, { era: 'legacy' }>> {
  const params = { protocolVersion: LEGACY[0], capabilities, clientInfo: { ...client } };
  const answer = await wire.request('initialize', params, { timeoutMs });
  if (!isInitializeResult(answer)) throw new Error('The server greets by something that is no greeting');
  const { protocolVersion } = answer;
  if (!LEGACY.some((known) => known === protocolVersion))
    throw new Error(`The server speaks protocol ${protocolVersion}, which is not known here`);
  wire.channel.setProtocolVersion?.(protocolVersion);
  await wire.notify('notifications/initialized');
  return { era: 'legacy', initialized: answer };
}

function isInitializeResult(value: unknown): value is InitializeResult {
  return isRecord(value) && typeof value['protocolVersion'] === 'string' && isRecord(value['capabilities']);
}
