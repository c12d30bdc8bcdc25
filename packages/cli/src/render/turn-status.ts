import type { RunEvent, ToolProgress } from '@patchbay/core';
import { printable } from '@patchbay/core';
import type { Screen } from '../chat/screen.ts';
import { renderProgress } from './progress.ts';

const TICK_MS = 200;
/** What is over sooner needs no line about it. */
const PATIENCE_MS = 400;

interface RunningCall {
  readonly what: string;
  readonly startedAt: number;
  progress?: ToolProgress;
}

/** The line at the bottom while a request runs: what is waited for, how far it is, for how long. */
export class TurnStatus implements Disposable {
  readonly #screen: Screen;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #calls = new Map<number, RunningCall>();
  #since = performance.now();
  #text = '';

  constructor(screen: Screen) {
    this.#screen = screen;
    this.#timer = screen.isLive ? setInterval(() => this.#show(), TICK_MS) : undefined;
  }

  hear(event: RunEvent): void {
    if (event.type === 'tool-progress') {
      const running = this.#calls.get(event.index);
      if (running) running.progress = event.progress;
      return this.#show();
    }
    if (event.type === 'turn-start') this.#calls.clear();
    if (event.type === 'tool-result') this.#calls.delete(event.index);
    if (event.type === 'tool-call') {
      const { tool, call, index } = event;
      const what = printable(
        tool ? `${tool.server}${this.#screen.style.signs.within}${tool.tool}` : call.name,
      );
      this.#calls.set(index, { what, startedAt: performance.now() });
    }
    if (event.type === 'text-delta' || event.type === 'usage') return;
    this.#since = performance.now();
    this.#text = '';
  }

  /** The beginning of a line that is not complete yet. */
  saying(text: string): void {
    this.#text = text;
    this.#show();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #show(): void {
    const now = performance.now();
    const [call, ...others] = this.#calls.values();
    const seconds = (since: number): string => `${Math.floor((now - since) / 1000)} s`;
    if (this.#text !== '') return this.#screen.status(this.#text);
    if (now - (call?.startedAt ?? this.#since) < PATIENCE_MS && !call?.progress) return;
    if (!call) return this.#screen.status(`thinking ${seconds(this.#since)} · Ctrl-C cancels`);
    const progress = call.progress ? ` ${renderProgress(call.progress)}` : '';
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    this.#screen.status(` ○ ${call.what}${progress}${more} · ${seconds(call.startedAt)} · Ctrl-C cancels`);
  }
}
