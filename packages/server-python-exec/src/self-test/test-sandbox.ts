import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import * as z from 'zod';
import type { PythonBackend, PythonSession } from '../backend.ts';
import { isInside } from '../is-inside.ts';

/** Longest time that the attempts may take, in milliseconds; usual are 5 to 50. */
const LIMIT_MS = 20_000;

const CANARY = 'canary.txt';

const answer = z.object({ reached: z.array(z.string()) });

export interface SelfTestOptions {
  /**
   * Where there is something to be found: the first that can be made and written to, and is not in the workspace. Its path
   * may stay in the memory of the interpreter.
   */
  readonly parents: readonly string[];
  /** Real path of the folder that code may read and write. */
  readonly workspace: string;
  /** Names of the variables that code may find in its environment. */
  readonly environment: readonly string[];
  /** Whether Python has a file system and sockets of its own making, where it may do as it likes. */
  readonly isVirtual: boolean;
  /** Folders that must not be written to. */
  readonly readOnly: readonly string[];
  /** Called once the interpreter is about to come up. */
  readonly onStarting?: () => void;
}

/**
 * Starts an interpreter in which code has tried to get out and could not. It is as good as a new one: the attempts leave
 * nothing but modules that were there before.
 *
 * @throws {Error} when none starts, or the attempts do not finish; names what code could do.
 */
export async function openProven(backend: PythonBackend, options: SelfTestOptions): Promise<PythonSession> {
  const opening = backend.openSession();
  // By the next turn its process is there.
  if (options.onStarting) setImmediate(options.onStarting);
  try {
    await using bait = await layBait(options);
    const reached = await testWith(bait, { session: await opening, options });
    if (reached.length > 0) throw new Error(`in its sandbox, code could ${reached.join(', ')}`);
    return await opening;
  } catch (error) {
    const session = await opening.catch(() => undefined);
    await session?.[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Lets code in `session` try to get out. What it could do and must not; empty when the sandbox holds.
 *
 * @throws {Error} when the attempts do not finish.
 */
export async function testSandbox(
  session: PythonSession,
  options: SelfTestOptions,
): Promise<readonly string[]> {
  await using bait = await layBait(options);
  return await testWith(bait, { session, options });
}

/** A file and a port that are there to be found, and gone afterwards. */
interface Bait extends AsyncDisposable {
  readonly folder: string;
  readonly canary: string;
  readonly port: number;
  /** What of them was touched. */
  touched(): Promise<readonly string[]>;
}

async function layBait(options: SelfTestOptions): Promise<Bait> {
  const folder = await makeFolder(options);
  const canary = join(folder, CANARY);
  let connections = 0;
  const listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  const remove = async (): Promise<void> => {
    listener.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await writeFile(canary, CANARY);
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    return {
      folder,
      canary,
      port: typeof address === 'object' && address !== null ? address.port : 0,
      async touched() {
        const names = await readdir(folder);
        return [
          ...(connections === 0 ? [] : ['connect to this machine']),
          ...(names.length === 1 && names[0] === CANARY ? [] : ['write outside the workspace']),
        ];
      },
      [Symbol.asyncDispose]: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function testWith(
  bait: Bait,
  { session, options }: { readonly session: PythonSession; readonly options: SelfTestOptions },
): Promise<readonly string[]> {
  const { environment, isVirtual, readOnly } = options;
  const { canary, folder, port } = bait;
  const given = { canary, folder, port, pid: process.pid, isVirtual, readOnly, environment };
  const reached = await attempt(session, { ...given, socket: join(folder, 'none.socket') });
  return [...new Set([...reached, ...(await bait.touched())])];
}

async function makeFolder({ parents, workspace }: SelfTestOptions): Promise<string> {
  let problem: unknown;
  for (const parent of parents) {
    try {
      await mkdir(parent, { recursive: true, mode: 0o700 });
      const real = await realpath(parent);
      if (!isInside(workspace, real)) return await mkdtemp(join(real, 'patchbay-self-test-'));
    } catch (error) {
      problem = error;
    }
  }
  throw new Error('there is no folder for the self-test', { cause: problem });
}

async function attempt(session: PythonSession, given: object): Promise<readonly string[]> {
  // In the driver, which is there already. A string of JSON is one of Python's too.
  const code = `__import__('patchbay_driver').try_to_get_out(${JSON.stringify(JSON.stringify(given))})`;
  const { ending } = await session.run(code, { timeoutMs: LIMIT_MS, signal: new AbortController().signal });
  if (ending.isLost) throw new Error(`the self-test did not finish: ${ending.reason}`);
  if (ending.status !== 'ok')
    throw new Error(`the self-test failed: ${ending.error.type} ${ending.error.message}`);
  return answer.parse(ending.value?.json).reached;
}
