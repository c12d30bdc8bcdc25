import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { startArxivApi, startHttpServerProcess, startWikipediaApi } from '@patchbay/testing';

const WIKIPEDIA = new URL('./main.ts', import.meta.resolve('@patchbay/server-wikipedia'));

/** How long a connection to Wikipedia may take until there counts as being no network, in milliseconds. */
const PROBE_LIMIT_MS = 1500;

type Variables = Readonly<Record<string, string | undefined>>;

/** What the demo's configuration needs beside the servers that it starts. */
export interface Surroundings extends AsyncDisposable {
  /** Added to the environment. */
  readonly env: Variables;
  /** What is shown in the place of something else. */
  readonly notes: readonly string[];
}

/**
 * Starts the Wikipedia server, which the configuration reaches by its address; and where there is no network, samples
 * of arXiv and Wikipedia on this machine. Addresses that the environment names are kept to.
 */
export async function openSurroundings(configPath: string, env: Variables): Promise<Surroundings> {
  const stack = new AsyncDisposableStack();
  // Whoever reads it for its servers says what is wrong with it.
  const text = await readFile(configPath, 'utf8').catch(() => '');
  const isNeeded = text.includes('WIKIPEDIA_MCP_URL');
  if (!isNeeded || env['WIKIPEDIA_MCP_URL']) return { env: {}, notes: [], ...disposing(stack) };
  try {
    const samples = await sampleServices(env, stack);
    const wikipedia = await startHttpServerProcess({
      main: WIKIPEDIA,
      args: ['--sse', '--end-with-input'],
      env: pick({ ...env, ...samples }, /^WIKIPEDIA_/u),
    });
    stack.use(wikipedia);
    const url = new URL('/sse', wikipedia.url).href;
    const note =
      'No network: arXiv and Wikipedia are samples on this machine, a few papers and short articles.';
    return {
      env: { ...samples, WIKIPEDIA_MCP_URL: url },
      notes: Object.keys(samples).length > 0 ? [note] : [],
      ...disposing(stack),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function sampleServices(env: Variables, stack: AsyncDisposableStack): Promise<Variables> {
  const isGiven = Boolean(env['ARXIV_BASE_URL']) || Boolean(env['WIKIPEDIA_BASE_URL']);
  if (isGiven || (await isOnline())) return {};
  const [arxiv, wikipedia] = await Promise.all([startArxivApi(), startWikipediaApi()]);
  stack.use(arxiv);
  stack.use(wikipedia);
  return { ...arxiv.env, ...wikipedia.env };
}

async function isOnline(): Promise<boolean> {
  const socket = connect({ host: 'en.wikipedia.org', port: 443 });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function pick(env: Variables, name: RegExp): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) =>
      value !== undefined && name.test(key) ? [[key, value]] : [],
    ),
  );
}

function disposing(stack: AsyncDisposableStack): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
