import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Guest } from '../cpython/guest-process.ts';
import { GUEST_PACKAGE, guestEnvironment, REPLY_FD } from '../cpython/guest.ts';
import { writableAt } from '../session/runner-process.ts';
import { splitFrames } from './frames.ts';

/** Where a container has its folders. */
export const CONTAINER_PLACES = { temporary: '/tmp', workspace: '/workspace' } as const;
const PACKAGES = '/run/patchbay';

/** Where code finds what Python compiled, which it must not change. */
export const BYTECODE = '/run/patchbay-bytecode';

/** What the image, the relay and Python take besides the memory that code gets. */
const OVERHEAD_MB = 128;

/** Threads of one container; processes are refused. */
const MAX_THREADS = 128;

export interface ContainerOptions {
  /** Path of `docker`, or of a program that understands the same, such as `podman`. */
  readonly cliPath: string;
  /** An image with `python3` that is there already: none is fetched. */
  readonly image: string;
  /** Real path of the folder that code may read and write. */
  readonly workspace: string;
  readonly memoryMb: number;
  /** `uid:gid` of the code, who must be able to write to the workspace. */
  readonly user: string;
  /** A folder with what Python compiled: code may read it. Only a container that runs no code may `write` there. */
  readonly bytecode?: { readonly folder: string; readonly access: 'read' | 'write' } | undefined;
}

/** The arguments that keep a container from everything but its image, without the command to run. */
export function containerArguments(options: ContainerOptions, name: string): readonly string[] {
  const memory = `${options.memoryMb + OVERHEAD_MB}m`;
  const { workspace, temporary } = CONTAINER_PLACES;
  const { bytecode } = options;
  return [
    ['run', '--rm', '--interactive', '--pull', 'never', '--log-driver', 'none'],
    ['--name', name, '--hostname', 'sandbox', '--user', options.user],
    ['--network', 'none', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ['--memory', memory, '--memory-swap', memory, '--pids-limit', String(MAX_THREADS)],
    ['--ulimit', 'nofile=256:256', '--ulimit', 'core=0:0'],
    ['--read-only', '--tmpfs', `${temporary}:rw,size=64m,mode=1777`],
    ['--mount', `type=bind,source=${options.workspace},target=${workspace}`],
    ['--mount', `type=bind,source=${GUEST_PACKAGE},target=${PACKAGES}/patchbay_guest,readonly`],
    bytecode === undefined ? [] : ['--mount', mountOf(bytecode)],
    ['--workdir', workspace, '--entrypoint', 'python3', options.image],
  ].flat();
}

function mountOf({ folder, access }: NonNullable<ContainerOptions['bytecode']>): string {
  return `type=bind,source=${folder},target=${BYTECODE}${access === 'read' ? ',readonly' : ''}`;
}

/** Starts a container that serves calls. */
export function launchContainer(options: ContainerOptions): Guest {
  const name = `patchbay-${randomUUID()}`;
  const start = `import sys; sys.path.insert(0, '${PACKAGES}'); import patchbay_guest.relay`;
  const environment = JSON.stringify(guestEnvironment(CONTAINER_PLACES));
  const { bytecode } = options;
  const flags = [
    ...(bytecode?.access === 'write' ? [] : ['-B']),
    ...(bytecode === undefined ? [] : ['-X', `pycache_prefix=${BYTECODE}`]),
  ];
  const python = ['-I', ...flags, '-X', 'utf8', '-c', start, PACKAGES, environment];
  const child = spawn(options.cliPath, [...containerArguments(options, name), ...python], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const stream = splitFrames(child.stdout, [1, 2, REPLY_FD]);
  return {
    child,
    stdout: stream(1),
    // Until there is a container, it is the program's own standard error that says why.
    stderr: joined(child, stream(2)),
    replies: stream(REPLY_FD),
    requests: writableAt(child, 0),
    kill: () => {
      // The container ends when its input does. This is for a runtime that is slow to tell it.
      child.kill('SIGKILL');
      execFile(options.cliPath, ['rm', '--force', name], () => undefined);
    },
  };
}

function joined(child: ChildProcess, stream: ReturnType<ReturnType<typeof splitFrames>>): typeof stream {
  child.stderr?.on('data', (chunk: Buffer) => void stream.push(chunk));
  return stream;
}
