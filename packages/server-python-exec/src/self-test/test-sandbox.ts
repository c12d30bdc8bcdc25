import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import * as z from 'zod';
import type { PythonBackend } from '../backend.ts';

/** Longest time that the attempts and the imports may take, in milliseconds; usual are 300 to 1500. */
const LIMIT_MS = 20_000;

const CANARY = 'canary.txt';

const answer = z.object({ reached: z.array(z.string()), problem: z.string().nullable() });

export interface SelfTestResult {
  /** What code could do and must not; empty when the sandbox holds. */
  readonly reached: readonly string[];
  /** Why one of the modules that were wanted cannot be imported; undefined when all can. */
  readonly importProblem: string | undefined;
}

export interface SelfTestOptions {
  readonly backend: PythonBackend;
  /** Folders outside the workspace; the first that can be made and written to is used. */
  readonly parents: readonly string[];
  /** Names of the variables that code may find in its environment. */
  readonly environment: readonly string[];
  /** Whether Python has a file system and sockets of its own making, where it may do as it likes. */
  readonly isVirtual: boolean;
  /** Folders that must not be written to. */
  readonly readOnly: readonly string[];
  /** Modules that code should be able to import. */
  readonly wanted: readonly string[];
}

/**
 * Lets code in a session of `backend` try to get out, with a port and a file that are there to be found. The file is
 * in a folder that is removed again.
 *
 * @throws {Error} when no session starts or it does not finish.
 */
export async function testSandbox(options: SelfTestOptions): Promise<SelfTestResult> {
  const { backend, parents, environment, isVirtual, readOnly, wanted } = options;
  const folder = await makeFolder(parents);
  let connections = 0;
  const listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  try {
    const canary = join(folder, CANARY);
    await writeFile(canary, CANARY);
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    const address = listener.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const given = {
      canary,
      folder,
      port,
      pid: process.pid,
      isVirtual,
      readOnly,
      wanted,
      socket: join(folder, 'none.socket'),
    };
    const result = await attempt(backend, { ...given, environment });
    const names = await readdir(folder);
    const seen = [
      ...(connections === 0 ? [] : ['connect to this machine']),
      ...(names.length === 1 && names[0] === CANARY ? [] : ['write outside the workspace']),
    ];
    return {
      reached: [...new Set([...result.reached, ...seen])],
      importProblem: result.problem ?? undefined,
    };
  } finally {
    listener.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeFolder(parents: readonly string[]): Promise<string> {
  let problem: unknown;
  for (const parent of parents) {
    try {
      await mkdir(parent, { recursive: true, mode: 0o700 });
      return await realpath(await mkdtemp(join(parent, 'patchbay-self-test-')));
    } catch (error) {
      problem = error;
    }
  }
  throw new Error('there is no folder for the self-test', { cause: problem });
}

async function attempt(backend: PythonBackend, given: object): Promise<z.infer<typeof answer>> {
  const source = await readFile(new URL('../../src/self-test/attempts.py', import.meta.url), 'utf8');
  // A string of JSON is one of Python's too.
  const code = `GIVEN = ${JSON.stringify(JSON.stringify(given))}\n${source}`;
  await using session = await backend.openSession();
  const { ending } = await session.run(code, { timeoutMs: LIMIT_MS, signal: new AbortController().signal });
  if (ending.isLost) throw new Error(`the self-test did not finish: ${ending.reason}`);
  if (ending.status !== 'ok')
    throw new Error(`the self-test failed: ${ending.error.type} ${ending.error.message}`);
  return answer.parse(ending.value?.json);
}
