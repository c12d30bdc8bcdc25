import type { Exchange } from './exchange.ts';
import { comparable, isRepeatable, nameOf } from './exchange.ts';
import { printDifference, structuralDiff } from './structural-diff.ts';

const MAX_DIFFERENCES = 8;

/** What to do with a request that was not recorded: refuse it, or note it and answer with what is nearest. */
export type DepartureMode = 'note' | 'refuse';

export interface TapeOptions {
  readonly ignoring: readonly RegExp[];
  readonly onDeparture: DepartureMode;
}

export type Taken =
  | { readonly kind: 'found'; readonly exchange: Exchange }
  | { readonly kind: 'departed'; readonly message: string };

/** A recording that is played: each exchange once, in any order, because what runs in parallel has none. */
export class Tape {
  /** Where the run has departed from the recording, each with its differences. */
  readonly departures: string[] = [];
  readonly #options: TapeOptions;
  readonly #exchanges: readonly Exchange[];
  readonly #played = new Set<Exchange>();

  constructor(exchanges: readonly Exchange[], options: TapeOptions) {
    this.#exchanges = exchanges;
    this.#options = options;
  }

  /** The exchange of a request: the first like it that has not been played, or the last of those that may be repeated. */
  take(channel: string, request: Exchange['request']): Taken {
    const all = this.#exchanges.filter((exchange) => exchange.channel === channel);
    const alike = all.filter((exchange) => this.#differences(exchange, request).length === 0);
    const next = alike.find((exchange) => !this.#played.has(exchange)) ?? alike.findLast(isRepeatable);
    if (next) return this.#play(next);

    const open = all.filter((exchange) => !this.#played.has(exchange) && !isRepeatable(exchange));
    const nearest = open.find((exchange) => nameOf(exchange.request) === nameOf(request)) ?? open[0];
    const message = this.#describe(channel, request, nearest);
    this.departures.push(message);
    if (nearest && this.#options.onDeparture === 'note') return this.#play(nearest);
    return { kind: 'departed', message };
  }

  /** Notes that what a client answered to a server's question is not what it was. */
  noteAnswer(
    channel: string,
    question: string,
    { expected, actual }: { expected: unknown; actual: unknown },
  ): void {
    const differences = structuralDiff(expected, actual, this.#options.ignoring);
    if (differences.length === 0) return;
    const lines = differences.slice(0, MAX_DIFFERENCES).map(printDifference);
    this.departures.push(
      `${channel}: the answer to ${question} is not the recorded one.\n${lines.join('\n')}`,
    );
  }

  /** What was recorded and has not been asked for. */
  unplayed(): readonly string[] {
    const left = this.#exchanges.filter((exchange) => !this.#played.has(exchange) && !isRepeatable(exchange));
    return left.map(
      (exchange) => `${exchange.channel}: ${nameOf(exchange.request)} was recorded and never asked.`,
    );
  }

  #play(exchange: Exchange): Taken {
    this.#played.add(exchange);
    return { kind: 'found', exchange };
  }

  #differences(exchange: Exchange, request: Exchange['request']) {
    return structuralDiff(comparable(exchange.request), comparable(request), this.#options.ignoring);
  }

  #describe(channel: string, request: Exchange['request'], nearest: Exchange | undefined): string {
    const asked = `${channel}: ${nameOf(request)}`;
    if (!nearest) return `${asked} is one request more than was recorded.`;
    const all = this.#exchanges.filter((exchange) => exchange.channel === channel);
    const differences = this.#differences(nearest, request);
    const shown = differences.slice(0, MAX_DIFFERENCES).map(printDifference);
    const more = differences.length - shown.length;
    const rest = more > 0 ? [`  and ${more} more`] : [];
    const which = `request ${all.indexOf(nearest) + 1} of ${all.length}`;
    return [`${asked} is not ${which} as it was recorded (- recorded, + now):`, ...shown, ...rest].join('\n');
  }
}
