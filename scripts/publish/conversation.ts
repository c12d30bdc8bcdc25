import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** Longest wait for an answer, and for the end, in milliseconds. */
const ANSWER_LIMIT_MS = 120_000;
const END_LIMIT_MS = 10_000;

export interface Answer {
  readonly id?: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** A server as a process, spoken to line by line, so that nothing but the protocol passes for it. */
export class Conversation implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #impure: string[] = [];
  #stderr = '';

  constructor(program: string, options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    this.#child = spawn(program, [], { ...options, shell: process.platform === 'win32' });
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.on('data', (chunk) => (this.#stderr += String(chunk)));
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line));
  }

  /** Lines on standard output that are no messages. */
  get impure(): readonly string[] {
    return this.#impure;
  }

  /** @throws {Error} when the answer is an error, or there is none. */
  async request(method: string, params: object): Promise<Readonly<Record<string, unknown>>> {
    const id = this.#waiting.size + 1;
    const answered = Promise.withResolvers<Answer>();
    this.#waiting.set(id, answered.resolve);
    this.#write({ jsonrpc: '2.0', id, method, params });
    const limit = AbortSignal.timeout(ANSWER_LIMIT_MS);
    const { result, error } = await Promise.race([
      answered.promise,
      once(this.#child, 'exit').then((): Answer => ({ error: { message: `it ended: ${this.#stderr}` } })),
      once(limit, 'abort').then((): Answer => ({ error: { message: 'it did not answer' } })),
    ]);
    if (!result) throw new Error(`${method}: ${error?.message}`);
    return result;
  }

  notify(method: string): void {
    this.#write({ jsonrpc: '2.0', method });
  }

  /** Ends its input. Resolves with its exit code, or nothing when it goes on. */
  async end(): Promise<number | null | undefined> {
    const exited = once(this.#child, 'exit');
    this.#child.stdin.end();
    const late = new AbortController();
    try {
      await Promise.race([exited, delay(END_LIMIT_MS, undefined, { signal: late.signal })]);
    } finally {
      late.abort();
    }
    return this.#child.exitCode ?? undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  #write(message: object): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #take(line: string): void {
    const message = parseMessage(line);
    if (!message) this.#impure.push(line);
    else if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
  }
}

function parseMessage(line: string): Answer | undefined {
  try {
    const message: Answer & { jsonrpc?: string } = JSON.parse(line);
    return message.jsonrpc === '2.0' ? message : undefined;
  } catch {
    return undefined;
  }
}
