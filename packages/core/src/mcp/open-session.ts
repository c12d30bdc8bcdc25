import type { PriorDiscovery } from '@modelcontextprotocol/client';
import type { Authorization } from '../auth/authorization.ts';
import type { Environment } from '../config/expand-variables.ts';
import type { ProtocolChoice, ServerConfig, TransportConfig } from '../config/host-config.ts';
import { systemErrorCode } from '../errors.ts';
import { parseJsonObject } from '../json.ts';
import { abortable } from './abortable.ts';
import type { ClientAbilities } from './client-abilities.ts';
import { capabilitiesOf } from './client-abilities.ts';
import { explainFailure, isShortage, refusalOf } from './failure-reason.ts';
import { Questions } from './questions.ts';
import type { Failure } from './server-state.ts';
import { Session } from './session.ts';
import { StdioTransport } from './stdio-transport.ts';
import { openTransport } from './transports.ts';
import { greet } from './wire/greeting.ts';
import type { SdkLink } from './wire/sdk-link.ts';
import { EraError, HttpAnswerError, NoAnswerError, statusOf } from './wire/wire-errors.ts';
import { uptimeMs } from '../uptime.ts';
import { Wire } from './wire/wire.ts';

/**
 * How long a process may be silent on the question which era it speaks, before it is greeted as an older one, which may
 * never answer it. What is at an address may have to be woken first, and answers something in any case: it has all the
 * time there is.
 */
const PATIENCE_MS = 3000;

/** How often the user is sent to sign in for one connection. */
const MAX_SIGN_INS = 2;

export interface SessionOptions {
  /** Where the server's process takes its inherited variables from. */
  readonly env: Environment;
  /** How this program names itself to servers. */
  readonly client: { readonly name: string; readonly version: string };
  /** Finds what an earlier connection found out, which then is not asked again. Called once the server is starting. */
  readonly prior?: (() => PriorDiscovery | undefined) | undefined;
  /** What the server may ask of this side. */
  readonly abilities: ClientAbilities;
  /** Where the server is at an address: the right to use it. */
  readonly authorization?: Authorization | undefined;
  readonly signal: AbortSignal;
}

export type Opening =
  | { readonly kind: 'open'; readonly session: Session }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      /** Whether trying again may help without anybody changing anything. */
      readonly isPassing: boolean;
    };

type Reachable = Exclude<TransportConfig, { kind: 'invalid' }>;

type Era = ProtocolChoice | PriorDiscovery;

interface Attempt {
  readonly transport: Reachable;
  readonly era: Era | (() => Era);
}

type Tried =
  | { readonly kind: 'open'; readonly session: Session }
  | {
      readonly kind: 'failed';
      readonly error: unknown;
      readonly failure: Failure;
      /** In what it was spoken to. */
      readonly era: Era;
      /** Whether the server's process ended by itself. */
      readonly hasEnded: boolean;
    };

/**
 * Connects to a server within its `startTimeoutMs`: as the configuration says, or by another attempt where the failure
 * of one is no more than the answer of a server of another time. Where the user has to sign in first, the time starts
 * anew afterwards.
 */
export async function openSession(config: ServerConfig, options: SessionOptions): Promise<Opening> {
  const { authorization, signal } = options;
  for (let signIns = 0; ; signIns += 1) {
    const opening = await openInTime(config, options);
    if (opening.kind === 'open' || !opening.isRefused || !authorization) return opening;
    if (signIns >= MAX_SIGN_INS || !(await hasSignedIn(authorization, signal))) {
      const { problem } = authorization;
      return problem ? { kind: 'failed', failure: problem, isPassing: !problem.isFinal } : opening;
    }
  }
}

async function openInTime(
  config: ServerConfig,
  options: SessionOptions,
): Promise<Opening & { readonly isRefused?: boolean }> {
  const { transport } = config;
  if (transport.kind === 'invalid') {
    const { reason, hint } = transport;
    return { kind: 'failed', failure: { reason, hint }, isPassing: false };
  }
  const deadline = uptimeMs() + config.startTimeoutMs;
  const era = (): Era => options.prior?.() ?? config.protocol;
  let attempt: Attempt | undefined = { transport, era };
  let first: Opening | undefined;
  while (attempt) {
    const current: Attempt = attempt;
    const tried = await tryOnce(
      { ...current, server: config.name },
      { ...options, timeoutMs: deadline - uptimeMs() },
    );
    if (tried.kind === 'open') return tried;
    const { failure, error } = tried;
    if (refusalOf(error) !== undefined) return { kind: 'failed', failure, isPassing: false, isRefused: true };
    if (!first || saysMore(current)) {
      const isPassing = (current.transport.kind !== 'stdio' || isShortage(error)) && !isRefusal(error);
      first = { kind: 'failed', failure, isPassing };
    }
    const isOver = options.signal.aborted || uptimeMs() >= deadline;
    attempt = isOver ? undefined : nextAttempt(config, current.transport, tried);
  }
  return first ?? { kind: 'failed', failure: { reason: 'it was not tried' }, isPassing: true };
}

async function hasSignedIn(authorization: Authorization, signal: AbortSignal): Promise<boolean> {
  // It is not this connection's alone, so it goes on without it.
  return abortable(authorization.signIn(), signal).catch(() => false);
}

/** A process says more the later it fails; a URL is what it was taken for first. */
function saysMore({ transport }: Attempt): boolean {
  return transport.kind === 'stdio';
}

async function tryOnce(
  { server, transport: config, era: asked }: Attempt & { readonly server: string },
  {
    client,
    env,
    abilities,
    authorization,
    signal,
    timeoutMs,
  }: SessionOptions & { readonly timeoutMs: number },
): Promise<Tried> {
  const questions = new Questions();
  const capabilities = capabilitiesOf(abilities);
  const opened = openTransport(config, { env, authorization });
  const channel = opened instanceof Promise ? await opened : opened;
  const process = channel instanceof StdioTransport ? channel : undefined;
  const wire = new Wire(channel, questions);
  const stop = new AbortController();
  const abandon = (): void => {
    stop.abort(signal.reason);
    void channel.close();
  };
  signal.addEventListener('abort', abandon, { once: true });
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    abandon();
  }, timeoutMs);
  try {
    signal.throwIfAborted();
    // Starting it takes longer than all that is to be known first.
    // The SDK's oldest one does not settle when it is closed meanwhile.
    await abortable(channel.start(), stop.signal);
    const era = resolved(asked);
    // Only where there is another era to turn to must the answer be there soon.
    const patienceMs = process && era === 'auto' ? PATIENCE_MS : undefined;
    const greeting = await greet(wire, { era, client, capabilities, timeoutMs, patienceMs });
    signal.throwIfAborted();
    const isOnTrust = typeof era === 'object' && era.kind === 'modern';
    const attach = async (): Promise<SdkLink> => {
      const { attachSdk } = await import('./attach-sdk.ts');
      return attachSdk(wire, greeting, { server, client, abilities, questions });
    };
    return {
      kind: 'open',
      session: new Session(wire, { greeting, isOnTrust, questions, authorization, attach }),
    };
  } catch (thrown) {
    const error = isLate ? new NoAnswerError(timeoutMs) : thrown;
    // Its last words may come after the end of its reading.
    if (process?.isDeaf) await process.close();
    const failure = explainFailure(error, config, process);
    const hasEnded = !isLate && process?.ended !== undefined;
    await channel.close();
    return { kind: 'failed', error, failure, hasEnded, era: resolved(asked) };
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', abandon);
  }
}

function resolved(era: Attempt['era']): Era {
  return typeof era === 'function' ? era() : era;
}

/** The attempt that the failure of one suggests. Refusals, absences and silence are what they are: they suggest none. */
function nextAttempt(
  { protocol }: ServerConfig,
  transport: Reachable,
  { error, hasEnded, era }: Extract<Tried, { kind: 'failed' }>,
): Attempt | undefined {
  if (systemErrorCode(error) !== undefined || isRefusal(error)) return undefined;
  // What was remembered may be of another version of the server.
  if (typeof era === 'object')
    return error instanceof NoAnswerError ? undefined : { transport, era: protocol };
  // Some older servers end at the first message that is not their handshake.
  const isOlder = error instanceof EraError && (transport.kind !== 'stdio' || hasEnded);
  if (era === 'auto' && isOlder) return { transport, era: 'legacy' };
  if (transport.kind === 'http' && isOfOlderTransport(error)) {
    return { transport: { ...transport, kind: 'sse' }, era: 'legacy' };
  }
  return undefined;
}

/** Whether an endpoint answered as one does that knows HTTP+SSE alone: it has no POST, and says nothing in MCP. */
function isOfOlderTransport(error: unknown): boolean {
  if (!(error instanceof HttpAnswerError) || ![400, 404, 405].includes(error.status)) return false;
  return parseJsonObject(error.body)?.['jsonrpc'] === undefined;
}

/** Whether the server wants another caller, or none at the moment, which no other dialect changes. */
function isRefusal(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && [407, 429].includes(status);
}
