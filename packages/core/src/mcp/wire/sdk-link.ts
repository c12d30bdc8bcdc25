import type { ClientCapabilities, JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/client';
import { AnswerQueue } from './answer-queue.ts';
import type { Greeting } from './greeting.ts';
import type { Fields, Wire } from './wire.ts';

export interface SdkLinkOptions {
  readonly client: { readonly name: string; readonly version: string };
  readonly capabilities: ClientCapabilities;
  /** Lets the client answer what servers ask, before it is connected. */
  readonly prepare: (client: Client) => void;
}

/**
 * The SDK's client on a connection that was made without it, for all that is not plain calls: what servers ask, calls
 * that need input, resources and prompts. It takes the greeting for its own handshake, so that the server hears
 * nothing of its coming.
 */
export class SdkLink {
  readonly client: Client;
  readonly #transport: SharedTransport;

  private constructor(client: Client, transport: SharedTransport) {
    this.client = client;
    this.#transport = transport;
  }

  static async attach(wire: Wire, greeting: Greeting, options: SdkLinkOptions): Promise<SdkLink> {
    const { capabilities, prepare } = options;
    const mode = greeting.era === 'modern' ? 'auto' : 'legacy';
    const client = new Client(options.client, { capabilities, versionNegotiation: { mode } });
    prepare(client);
    const transport = new SharedTransport(wire, greeting);
    const prior =
      greeting.era === 'modern'
        ? ({ kind: 'modern', discover: greeting.discover } as const)
        : ({ kind: 'legacy' } as const);
    await client.connect(transport, { prior });
    return new SdkLink(client, transport);
  }

  /** Hands over what came from the server. */
  receive(message: JSONRPCMessage): void {
    this.#transport.onmessage?.(message);
  }

  /** The connection has ended. */
  end(): void {
    this.#transport.onclose?.();
  }

  /** Lets the client go on with a call that was made without it, from the first answer to it. */
  async goOn(answer: Fields, params: CallParams, options: CallOptions): Promise<Fields> {
    // The client sends within `request`, before anybody else can.
    this.#transport.nextAnswer = answer;
    return this.client.request({ method: 'tools/call', params }, options);
  }
}

interface CallParams extends Record<string, unknown> {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

type CallOptions = NonNullable<Parameters<Client['callTool']>[1]>;

/** The client's half of a channel: what has been answered already it hears again, everything else is sent. */
class SharedTransport implements Transport {
  onclose?: () => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly hasPerRequestStream: boolean;
  /** What answers the next request, in place of the server. */
  nextAnswer: Fields | undefined;
  readonly #wire: Wire;
  readonly #answers: AnswerQueue;

  constructor(wire: Wire, greeting: Greeting) {
    this.#wire = wire;
    this.#answers = new AnswerQueue(
      (...sent) => this.#pass(...sent),
      (reason) => {
        wire.channel.problem ??= reason;
        void wire.channel.close();
      },
    );
    this.hasPerRequestStream = wire.channel.hasPerRequestStream === true;
    if (greeting.era === 'legacy') this.nextAnswer = { ...greeting.initialized };
  }

  async start(): Promise<void> {}
  async close(): Promise<void> {}

  async send(...[message, options]: Parameters<Transport['send']>): Promise<void> {
    if ('method' in message && message.method === 'notifications/initialized') return;
    const answer = this.nextAnswer;
    if (answer && 'method' in message && 'id' in message) {
      this.nextAnswer = undefined;
      const { id } = message;
      queueMicrotask(() => this.onmessage?.({ jsonrpc: '2.0', id, result: answer }));
      return;
    }
    await ('method' in message ? this.#pass(message, options) : this.#answers.send(message, options));
  }

  async #pass(...[message, options]: Parameters<Transport['send']>): Promise<void> {
    const { channel } = this.#wire;
    await (channel.passOn ? channel.passOn(message, options) : channel.send(message, options));
  }
}
