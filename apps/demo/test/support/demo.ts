import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProgramOptions, ProgramResult } from '@patchbay/testing';
import { runProgram } from '@patchbay/testing';

const main = new URL('../../src/main.ts', import.meta.url);
const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** A clone's worth of state in a folder of its own: notes, exports, and `.env`. */
export interface Demo extends AsyncDisposable {
  readonly folder: string;
  /** Runs what `npm run demo -- <args>` runs. */
  run(
    args?: readonly string[],
    options?: Pick<ProgramOptions, 'env' | 'input' | 'onOutput'>,
  ): Promise<ProgramResult>;
  /** A copy of the demo's configuration in which `from` reads `to`; `--config` takes its path. */
  configWith(from: string | RegExp, to: string): Promise<string>;
  /** A copy of the demo's configuration with some of its servers alone, and others besides. */
  configOf(servers: readonly string[], others?: Readonly<Record<string, object>>): Promise<string>;
}

/** @param dotenv - What `.env` holds: keys and addresses, as a user writes them. */
export async function createDemo(dotenv: Readonly<Record<string, string>> = {}): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-demo-'));
  const own = {
    PATCHBAY_DATA: join(folder, 'data'),
    PATCHBAY_CACHE: join(folder, 'cache'),
    PATCHBAY_STATE: join(folder, 'state'),
    // A context in which the tools of all servers have room.
    PATCHBAY_CONTEXT_TOKENS: '1000000',
  };
  const variables = Object.entries({ ...own, ...dotenv });
  await writeFile(join(folder, '.env'), variables.map(([name, value]) => `${name}=${value}\n`).join(''));
  return {
    folder,
    run: (args = [], options = {}) => runProgram(main, { input: '', ...options, args, cwd: folder }),
    async configWith(from, to) {
      const path = join(folder, 'changed.json');
      await writeFile(
        path,
        (await readConfig()).replace(from, () => to),
      );
      return path;
    },
    async configOf(servers, others = {}) {
      const { mcpServers }: { mcpServers: object } = JSON.parse(
        (await readConfig()).replaceAll(/^ *\/\/.*$/gm, ''),
      );
      const chosen = Object.entries(mcpServers).filter(([name]) => servers.includes(name));
      const path = join(folder, 'chosen.json');
      await writeFile(path, JSON.stringify({ mcpServers: { ...Object.fromEntries(chosen), ...others } }));
      return path;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The demo's configuration, such that it can stand in any folder. */
async function readConfig(): Promise<string> {
  const text = await readFile(new URL('../../mcp.json', import.meta.url), 'utf8');
  return text.replaceAll('"cwd": "../.."', `"cwd": ${JSON.stringify(root)}`);
}
