import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { isRecord } from '../../json.ts';

export type OnFailed = (error: Error) => void;

/** One way to a server, as the SDK defines it, with what a way of ours can do besides. */
export interface Channel extends Transport {
  /** Sends what the SDK's client made, where that needs other means than {@link Transport.send}. */
  readonly passOn?: Transport['send'];
  /**
   * Sends one line without a promise for it: `onFailed` hears if that fails. With others under way it waits for what else
   * is sent in this turn, to go out with that in one write.
   */
  readonly post?: (message: JSONRPCMessage, traffic: 'alone' | 'busy', onFailed: OnFailed) => void;
  /** Gives up waiting for one answer, by which the server hears that nobody wants it any more. */
  readonly drop?: (id: number) => void;
  /** What was wrong with what came, where the channel was closed for that. */
  problem?: string | undefined;
  /** Tells the server that its session is over. */
  readonly farewell?: () => Promise<void>;
}

/** The key of a request's `_meta` that says which revision it speaks: the newer era has it in every request. */
export const PROTOCOL_META_KEY = 'io.modelcontextprotocol/protocolVersion';

/** Longest message from a server, in bytes. */
export const MAX_MESSAGE_BYTES: number = 64 * 1024 * 1024;

/** Whether a value is a message of JSON-RPC. What is in it is looked at by whoever it is for. */
export function isMessage(value: unknown): value is JSONRPCMessage {
  if (!isRecord(value) || value['jsonrpc'] !== '2.0') return false;
  return typeof value['method'] === 'string' || 'result' in value || 'error' in value;
}

/** The revision that a request says it speaks, as those of the newer era do. */
export function protocolIn(message: JSONRPCMessage): string | undefined {
  if (!('method' in message) || !('id' in message)) return undefined;
  const meta = message.params?.['_meta'];
  const protocol = isRecord(meta) ? meta[PROTOCOL_META_KEY] : undefined;
  return typeof protocol === 'string' ? protocol : undefined;
}

/** What a call is of, which in the newer era stands in a header too. */
export function nameIn(message: JSONRPCMessage): string | undefined {
  if (protocolIn(message) === undefined || !('method' in message)) return undefined;
  const name = message.method === 'tools/call' ? message.params?.['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** What a text holds, where that is JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
