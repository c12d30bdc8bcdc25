import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PackageInstaller, PythonBackend } from '../backend.ts';
import type { RunnerProcess } from '../session/runner-process.ts';
import { createGuestBackend, MAX_FILE_BYTES } from './guest-backend.ts';
import { guestOf, startGuest } from './guest-process.ts';
import type { GuestPlaces, Walls } from './guest.ts';
import { SYSTEM_FILES, SYSTEM_FOLDERS } from './guest.ts';
import type { HostPython } from './host-python.ts';
import { launchDirect } from './launch-direct.ts';

const MIB = 1024 * 1024;

/** Devices that are no way out. */
const DEVICES_TO_READ = ['/dev/zero', '/dev/random', '/dev/urandom'];
const DEVICES_TO_WRITE = ['/dev/null'];

export interface DirectOptions {
  readonly python: HostPython;
  /** Real path of the folder that code may read and write. */
  readonly workspace: string;
  readonly memoryMb: number;
  readonly maxOutputChars: number;
  /** Where packages are installed, and how. */
  readonly packages?: { readonly folder: string; readonly install: PackageInstaller };
}

/** The Python of this machine, each session behind rules of the kernel that it puts in force for itself (Landlock). */
export function createLandlockBackend(options: DirectOptions): PythonBackend {
  const { python, workspace, memoryMb, packages } = options;
  return createGuestBackend({
    name: 'cpython-landlock',
    python,
    ...(packages === undefined ? {} : { install: packages.install }),
    memoryMb,
    missing: 'no network, no subprocesses',
    isolation: [
      'Each session is a process of its own that gives up its rights before any code runs: Landlock, seccomp, no capabilities.',
      'Files: the system (/usr and the Python installation) can be read, the workspace and a temporary folder of the session written. The contents of everything else are out of reach.',
      'Processes: none can be started, signalled or looked into (seccomp); all end with the session.',
      'Network: none (seccomp refuses sockets, Landlock TCP on Linux 6.7 and newer).',
      'Links, devices and set-user-id files cannot be made in the workspace; permissions and times of files cannot be changed, which is passed over without an error.',
      `Limits of the kernel: ${memoryMb} MB of data, 256 MB a file, 256 open files.`,
    ],
    caveats: [
      'It is the kernel of this machine: a flaw in it would reach the account that runs the server. There are no namespaces and no virtual machine.',
      'Names, sizes, owners and times of files outside the workspace can be asked for where the path is known or guessed.',
      'All of /usr can be read, and of the Python installation whatever is in it.',
      'System calls are refused by a list of what is not needed; the rest are allowed.',
      'Disk space, that of the temporary folder too, and processor time are not limited in total. A thread that code leaves goes on until the session ends.',
    ],
    start: () =>
      start(options, ({ temporary }, parent) => ({
        walls: 'landlock',
        parent,
        readable: [
          ...SYSTEM_FOLDERS,
          ...SYSTEM_FILES,
          ...python.folders,
          ...DEVICES_TO_READ,
          ...(packages ? [packages.folder] : []),
        ],
        writable: [workspace, temporary, ...DEVICES_TO_WRITE],
      })),
  });
}

/** The Python of this machine with every right of the account that runs the server. */
export function createHostBackend(options: DirectOptions): PythonBackend {
  const { python, memoryMb, packages } = options;
  return createGuestBackend({
    name: 'host',
    python,
    ...(packages === undefined ? {} : { install: packages.install }),
    memoryMb,
    missing: '',
    warning: 'NO SANDBOX: code runs with all rights of the user',
    isolation: [
      'None. Code can read and change every file, use the network and start programs, as the account that runs the server can.',
      'The environment of the server is not passed on.',
      `Limits against accidents: ${memoryMb} MB of data and 256 MB a file for each process.`,
    ],
    caveats: [
      'Nothing is kept from the code. Run this where all of it may be lost: in a container or a virtual machine.',
      'Programs that code starts and that leave the process group go on after the session.',
    ],
    start: () => start(options, (_, parent) => ({ walls: 'none', parent })),
  });
}

/** Starts Python with a temporary folder that goes with it. */
async function start(
  { python, workspace, memoryMb, maxOutputChars, packages }: DirectOptions,
  walls: (places: GuestPlaces, parent: number) => Walls,
): Promise<RunnerProcess> {
  const temporary = await realpath(await mkdtemp(join(tmpdir(), 'patchbay-session-')));
  const places = { temporary, workspace };
  const child = launchDirect(python.path, places);
  // At once: the end of the last session is the end of the server.
  child.once('close', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 2 }));
  return startGuest(
    guestOf(child, () => killGroup(child)),
    {
      ...walls(places, process.pid),
      ...(packages === undefined ? {} : { packages: packages.folder }),
      workspace,
      memoryBytes: memoryMb * MIB,
      maxFileBytes: MAX_FILE_BYTES,
      maxOutputChars,
    },
  );
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
