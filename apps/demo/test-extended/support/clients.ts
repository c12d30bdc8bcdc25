import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cachedFolder } from '@patchbay/testing';

const run = promisify(execFile);

const FILES = ['package.json', 'pnpm-lock.yaml'];
const INSPECTOR = '@modelcontextprotocol/inspector/clients/launcher/build/index.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Longest time that an installation, and one call through the Inspector, may take, in milliseconds. */
const INSTALL_LIMIT_MS = 500_000;
const CALL_LIMIT_MS = 120_000;

/** Programs that others wrote to talk to MCP servers, and to load them. */
export interface Clients {
  /** Runs the Inspector's CLI and returns what it prints as JSON. Throws with what it said when it fails. */
  inspect(args: readonly string[]): Promise<unknown>;
  /** Has the Inspector call one tool again and again, as its options say. */
  loadByInspector(args: readonly string[]): Promise<InspectorLoad>;
  /** Sends one request again and again for so long, 64 at a time. */
  load(url: URL, options: LoadOptions): Promise<LoadReport>;
}

interface LoadOptions {
  readonly seconds: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What the Inspector counted: calls, and milliseconds. */
export interface InspectorLoad {
  readonly ok: number;
  readonly toolErrors: number;
  readonly errors: number;
  /** Calls a second. */
  readonly throughput: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
}

/** What autocannon counted. */
interface LoadReport {
  readonly errors: number;
  readonly timeouts: number;
  readonly non2xx: number;
  readonly '2xx': number;
  readonly requests: { readonly average: number };
  readonly latency: { readonly p50: number; readonly p99: number };
}

/**
 * Installs them as `clients/pnpm-lock.yaml` pins them into the test cache, once. Nothing of them is part of the
 * workspace, so that a clone stays light.
 */
export async function installClients(): Promise<Clients> {
  const hash = createHash('sha256');
  for (const name of FILES) hash.update(await readFile(at(`../clients/${name}`)));
  const name = `npm-clients-${hash.digest('hex').slice(0, 16)}`;
  const folder = await cachedFolder(name, process.env, async (draft) => {
    for (const file of FILES) await copyFile(at(`../clients/${file}`), join(draft, file));
    const options = [
      '--frozen-lockfile',
      '--ignore-workspace',
      '--ignore-scripts',
      '--config.engine-strict=false',
    ];
    const pnpm = at('../../../../node_modules/.bin/pnpm');
    await run(pnpm, ['install', ...options], { cwd: draft, timeout: INSTALL_LIMIT_MS });
  });
  const node = async (file: string, args: readonly string[]): Promise<string> => {
    const { PATH = '' } = process.env;
    const options = { env: { PATH, HOME: folder }, timeout: CALL_LIMIT_MS, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await run(process.execPath, [join(folder, 'node_modules', file), ...args], options);
    return stdout;
  };
  const inspected = (args: readonly string[]): Promise<string> =>
    node(INSPECTOR, ['--cli', ...args, '--format', 'json', '-q']);
  return {
    inspect: async (args) => JSON.parse(await inspected(args)),
    loadByInspector: async (args) => JSON.parse(await inspected(args)).result,
    async load(url, { seconds, headers, body }) {
      const sent = Object.entries(headers).flatMap(([header, value]) => ['-H', `${header}=${value}`]);
      const fixed = ['--json', '--no-progress', '-c', '64', '-d', String(seconds), '-m', 'POST'];
      return JSON.parse(
        await node('autocannon/autocannon.js', [...fixed, ...sent, '-b', JSON.stringify(body), url.href]),
      );
    },
  };
}
