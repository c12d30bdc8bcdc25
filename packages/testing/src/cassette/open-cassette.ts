import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { BridgeEnd, LineHandler } from './bridge.ts';
import { openBridge } from './bridge.ts';
import { CassetteError } from './cassette-error.ts';
import { readCassette, writeCassette } from './cassette-file.ts';
import type { Exchange } from './exchange.ts';
import { hiddenExchange } from './hidden-exchange.ts';
import { HttpPlayer } from './http-player.ts';
import { recordHttp } from './http-recorder.ts';
import { McpPlayer } from './mcp-player.ts';
import { McpRecorder } from './mcp-recorder.ts';
import type { Redaction } from './redaction.ts';
import { createRedaction } from './redaction.ts';
import type { McpServerEntries } from './server-entries.ts';
import { rewriteServers, secretsOf } from './server-entries.ts';
import type { DepartureMode } from './tape.ts';
import { Tape } from './tape.ts';

/** What two runs that are alike differ in: identifiers, and moments to the second. */
const DEFAULT_IGNORING = [
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g,
];

export interface CassetteOptions {
  readonly mode: 'record' | 'replay';
  /** Base URLs of models, by the variable that a client reads each from: `{ OPENAI_BASE_URL: 'https://…/v1' }`. */
  readonly baseUrls?: Readonly<Record<string, string>>;
  /** Servers, in the `mcpServers` shape. */
  readonly mcpServers?: McpServerEntries;
  /**
   * Values that must not be in the file, or that differ between runs, by the names that stand for them: keys, a folder. A
   * replay puts its own values in their place.
   */
  readonly redact?: Readonly<Record<string, string | undefined>>;
  /** Whose variables that are named like secrets are kept out of the file too. Default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Patterns, with the flag `g`, whose matches count as the same. Default: UUIDs and times of ISO 8601. */
  readonly ignoring?: readonly RegExp[];
  /** In a replay, a request that was not recorded is refused (default), or noted and answered by the nearest one. */
  readonly onDeparture?: DepartureMode;
  /** In a replay, servers that run for real: how they do with a model's decisions of before. */
  readonly live?: readonly string[];
}

/** A recording under way, or one that is played. Both have the same face, so that a test is the same for both. */
export interface Cassette extends AsyncDisposable {
  /** The variables of `baseUrls`, pointing to this machine. */
  readonly env: Readonly<Record<string, string>>;
  /** The servers of `mcpServers`, by way of the cassette. */
  readonly mcpServers: McpServerEntries;
  /** Where a replay has departed so far, with what differs. */
  readonly departures: readonly string[];
  /**
   * Recording: writes the file. Without this call nothing is written, so that a run that failed or was cut leaves the
   * cassette of before. Replaying: throws `CASSETTE_DEPARTED` when the run departed from the recording, or left a part out.
   *
   * @throws {CassetteError}
   */
  finish(): Promise<void>;
}

/**
 * Opens a cassette: the requests of a run to models and to MCP servers, with the answers, in one file. Recording, they go
 * through this process to where they went before; replaying, they are answered from the file, with no network and no server.
 *
 * @throws {CassetteError} `CASSETTE_MISSING`, `CASSETTE_INVALID` or `CASSETTE_UNSUPPORTED`.
 */
export async function openCassette(path: string, options: CassetteOptions): Promise<Cassette> {
  const { mode, baseUrls = {}, mcpServers = {}, redact = {}, env = process.env, live = [] } = options;
  const redaction = createRedaction(redact, { ...env, ...secretsOf(mcpServers) });
  const targets = {
    ...Object.fromEntries(Object.entries(baseUrls).map(([name, url]) => [`env/${name}`, url])),
    ...Object.fromEntries(Object.entries(mcpServers).map(([name, { url = '' }]) => [`mcp/${name}`, url])),
  };
  const tape =
    mode === 'record' ? recording(path, targets, redaction) : await replaying(path, options, redaction);
  const bridge = await openBridge(tape.handleLines);
  const http = await listen(tape.handleRequest, Object.keys(targets));
  try {
    return {
      env: Object.fromEntries(Object.keys(baseUrls).map((name) => [name, http.urlOf(`env/${name}`)])),
      mcpServers: rewriteServers(mcpServers, { mode, bridge, urlOf: http.urlOf, live }),
      departures: tape.departures,
      finish: tape.finish,
      async [Symbol.asyncDispose]() {
        await Promise.all([bridge[Symbol.asyncDispose](), http[Symbol.asyncDispose]()]);
      },
    };
  } catch (error) {
    await Promise.all([bridge[Symbol.asyncDispose](), http[Symbol.asyncDispose]()]);
    throw error;
  }
}

type HandleRequest = (
  incoming: IncomingMessage,
  response: ServerResponse,
  at: { readonly channel: string; readonly rest: string },
) => Promise<void>;

/** What a mode does with what comes by. */
interface Deck {
  readonly departures: readonly string[];
  readonly handleLines: (end: BridgeEnd) => LineHandler;
  readonly handleRequest: HandleRequest;
  readonly finish: () => Promise<void>;
}

function recording(path: string, targets: Readonly<Record<string, string>>, redaction: Redaction): Deck {
  const exchanges: (() => Exchange)[] = [];
  const onBegin = (exchange: () => Exchange): void => void exchanges.push(exchange);
  return {
    departures: [],
    handleLines: (end) => new McpRecorder(end, onBegin),
    handleRequest: (incoming, response, { channel, rest }) =>
      recordHttp(incoming, response, { channel, url: targets[channel] ?? '', rest, onBegin }),
    finish: () =>
      writeCassette(
        path,
        exchanges.map((exchange) => hiddenExchange(exchange(), redaction)),
      ),
  };
}

async function replaying(
  path: string,
  { ignoring = DEFAULT_IGNORING, onDeparture = 'refuse', live = [] }: CassetteOptions,
  redaction: Redaction,
): Promise<Deck> {
  const recorded = await readCassette(path);
  const played = recorded.filter(({ channel }) => !live.some((name) => channel === `mcp/${name}`));
  const tape = new Tape(played, { ignoring, onDeparture });
  const player = new HttpPlayer(tape, redaction);
  return {
    departures: tape.departures,
    handleLines: (end) => new McpPlayer(end, tape, redaction),
    handleRequest: (incoming, response, at) => player.play(incoming, response, at),
    async finish() {
      const all = [...tape.departures, ...tape.unplayed()];
      if (all.length === 0) return;
      throw new CassetteError('CASSETTE_DEPARTED', `The run departs from ${path}.\n${all.join('\n')}`);
    },
  };
}

interface Listening extends AsyncDisposable {
  readonly urlOf: (channel: string) => string;
}

async function listen(handle: HandleRequest, channels: readonly string[]): Promise<Listening> {
  const http = createServer((incoming, response) => {
    const path = (incoming.url ?? '/').slice(1);
    const channel = channels.find(
      (each) => path.startsWith(each) && /^([/?]|$)/.test(path.slice(each.length)),
    );
    if (channel === undefined) {
      response.writeHead(404).end();
      return;
    }
    const rest = path.slice(channel.length);
    handle(incoming, response, { channel, rest }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', resolve);
  });
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    urlOf: (channel) => `http://127.0.0.1:${port}/${channel}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
}
