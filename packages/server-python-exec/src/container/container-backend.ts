import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { errorMessage } from '@patchbay/server-kit/program';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import type { PythonBackend } from '../backend.ts';
import { createGuestBackend, MAX_FILE_BYTES } from '../cpython/guest-backend.ts';
import { startGuest } from '../cpython/guest-process.ts';
import { parsePython, PYTHON_QUESTION } from '../cpython/host-python.ts';
import type { RunnerProcess } from '../session/runner-process.ts';
import { knowImage } from './image-cache.ts';
import type { ContainerOptions } from './launch-container.ts';
import { CONTAINER_PLACES, containerArguments, launchContainer } from './launch-container.ts';

const run = promisify(execFile);

const MIB = 1024 * 1024;

const FIRST_USER = '0:0';

/** Longest time that the program may take to answer, in milliseconds; a container usually starts within 1000. */
const ASK_LIMIT_MS = 60_000;

export interface ContainerBackendOptions extends Omit<ContainerOptions, 'user' | 'bytecode'> {
  readonly cacheFolder: string;
  readonly maxOutputChars: number;
  /** Of the account that runs the server; absent on Windows, where Docker's machine maps every user. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined;
  /** Told what went wrong without failing a call. */
  readonly warn: (message: string) => void;
}

/** The part of `docker info` and `podman info` that says whether the first user in a container is this account. */
const infoSchema = z.union([
  z
    .object({ SecurityOptions: z.array(z.string()) })
    .transform(({ SecurityOptions: options }) => options.some((option) => option.includes('rootless'))),
  z
    .object({ host: z.object({ security: z.object({ rootless: z.boolean() }) }) })
    .transform(({ host }) => host.security.rootless),
]);

/**
 * Python of an image, each session in a container of its own.
 *
 * @throws {Error} when the program does not answer, or no container of the image starts; says what it said.
 */
export async function createContainerBackend(options: ContainerBackendOptions): Promise<PythonBackend> {
  const { cliPath, image, memoryMb, maxOutputChars, workspace, cacheFolder, ids, warn } = options;
  // The program reads such a list with commas between its parts.
  if (workspace.includes(',')) throw new Error(`the workspace ${workspace} has a comma in its path`);
  const ask = async (args: readonly string[]): Promise<string> => {
    const { stdout } = await run(cliPath, args, { cwd: '/', timeout: ASK_LIMIT_MS }).catch(
      (error: unknown) => {
        throw new Error(lastLine(error), { cause: error });
      },
    );
    return stdout;
  };
  const [user, imageId] = await Promise.all([
    userFor(ids, () => ask(['info', '--format', '{{json .}}'])),
    ask(['image', 'inspect', '--format', '{{.Id}}', image]),
  ]);
  const launch = { cliPath, image, workspace, memoryMb, user };
  const askPython = (): Promise<string> =>
    ask([...containerArguments(launch, `patchbay-question-${process.pid}`), '-I', '-c', PYTHON_QUESTION]);
  const start = (bytecode: ContainerOptions['bytecode']): Promise<RunnerProcess> =>
    startGuest(launchContainer({ ...launch, bytecode }), {
      walls: 'namespaces',
      workspace: CONTAINER_PLACES.workspace,
      memoryBytes: memoryMb * MIB,
      maxFileBytes: MAX_FILE_BYTES,
      maxOutputChars,
    });
  let known = await knowImage({
    cacheFolder,
    uid: ids?.uid,
    key: `${imageId} ${manifest.version}`,
    ask: askPython,
    async compile(folder) {
      await using _ = await start({ folder, access: 'write' });
    },
  }).catch((error: unknown) => {
    warn(`containers start slowly, without bytecode: ${errorMessage(error)}`);
    return undefined;
  });
  const python = { ...parsePython(known?.answer ?? (await askPython())), folders: [] };
  return createGuestBackend({
    name: 'container',
    python,
    memoryMb,
    missing: 'no network, no subprocesses',
    isolation: [
      `Each session is a container of the image ${image}, without capabilities, as user ${user}.`,
      'Files: the image read-only, the workspace writable, 64 MB in /tmp that go with the session.',
      'Processes: none can be started (seccomp), none outside can be seen, and all end with the session.',
      'Network: none (the container has none, and seccomp refuses sockets).',
      'Links, devices and set-user-id files cannot be made in the workspace (seccomp).',
      `Limits: ${memoryMb} MB of data, ${memoryMb + 128} MB for the container, 256 MB a file, 256 open files, 128 threads.`,
    ],
    caveats: [
      'A container shares the kernel of the machine that its runtime is on: a flaw in it, or in the runtime, is a way out.',
      'Whoever can use the container runtime is as good as its owner: the server itself, not the code, has that right.',
      'Everything in the image can be read.',
      'Disk space and processor time are not limited in total. A thread that code leaves goes on until the session ends.',
    ],
    async start() {
      const current = known;
      if (current === undefined) return start(undefined);
      try {
        return await start({ folder: current.bytecode, access: 'read' });
      } catch (error) {
        warn(`a container did not start, and its bytecode is made anew next time: ${errorMessage(error)}`);
        known = undefined;
        await current.forget();
        return start(undefined);
      }
    },
  });
}

/**
 * Who the code is in its container, as `uid:gid`: this account, which is the first user where the runtime is rootless. It is
 * asked only where that matters, because podman takes as long to tell as to start a container.
 */
async function userFor(ids: ContainerBackendOptions['ids'], askInfo: () => Promise<string>): Promise<string> {
  if (ids === undefined || (ids.uid === 0 && ids.gid === 0)) return FIRST_USER;
  const isRootless = infoSchema.parse(JSON.parse(await askInfo()));
  return isRootless ? FIRST_USER : `${ids.uid}:${ids.gid}`;
}

function lastLine(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return (said === '' ? errorMessage(error) : said).split('\n').at(-1) ?? '';
}
