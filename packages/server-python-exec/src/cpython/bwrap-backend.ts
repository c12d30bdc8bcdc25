import type { PackageInstaller, PythonBackend } from '../backend.ts';
import { createGuestBackend, MAX_FILE_BYTES } from './guest-backend.ts';
import { guestOf, startGuest } from './guest-process.ts';
import type { HostPython } from './host-python.ts';
import { BWRAP_PLACES, launchBwrap } from './launch-bwrap.ts';

const MIB = 1024 * 1024;

/** What each of the file systems in memory may hold, in bytes. */
const TEMPORARY_BYTES = 64 * MIB;

export interface BwrapOptions {
  readonly bwrapPath: string;
  readonly python: HostPython;
  /** Real path of the folder that code may read and write. */
  readonly workspace: string;
  readonly memoryMb: number;
  readonly maxOutputChars: number;
  /** Where packages are installed, and how. */
  readonly packages?: { readonly folder: string; readonly install: PackageInstaller };
}

/** The Python of this machine, each session in namespaces of its own that bubblewrap makes. */
export function createBwrapBackend(options: BwrapOptions): PythonBackend {
  const { bwrapPath, python, workspace, memoryMb, maxOutputChars, packages } = options;
  return createGuestBackend({
    name: 'cpython-bwrap',
    python,
    ...(packages === undefined ? {} : { install: packages.install }),
    memoryMb,
    missing: 'no network, no subprocesses',
    isolation: [
      'Each session is a process of its own in new user, mount, process, network, IPC and host name namespaces (bubblewrap), without capabilities.',
      'Files: the system (/usr and the Python installation) read-only, the workspace writable, 64 MB in /tmp that go with the session. Nothing else exists there: no home folder, no /proc, no /etc but fonts and library paths.',
      'Processes: none can be started (seccomp), none outside can be seen, and all end with the session.',
      'Network: none, not even to this machine (a namespace of its own, and seccomp refuses sockets).',
      'Links, devices and set-user-id files cannot be made in the workspace (seccomp).',
      `Limits of the kernel: ${memoryMb} MB of data, 256 MB a file, 256 open files.`,
    ],
    caveats: [
      'It is the kernel of this machine: a flaw in it would reach the account that runs the server. There is no virtual machine.',
      'All of /usr can be read, and of the Python installation whatever is in it.',
      'System calls are refused by a list of what is not needed; the rest are allowed.',
      'Disk space and processor time are not limited in total. A thread that code leaves goes on until the session ends.',
    ],
    start: () =>
      startGuest(
        guestOf(
          launchBwrap({
            bwrapPath,
            python,
            workspace,
            packages: packages?.folder,
            temporaryBytes: TEMPORARY_BYTES,
          }),
        ),
        {
          ...(packages === undefined ? {} : { packages: packages.folder }),
          walls: 'namespaces',
          workspace: BWRAP_PLACES.workspace,
          memoryBytes: memoryMb * MIB,
          maxFileBytes: MAX_FILE_BYTES,
          maxOutputChars,
        },
      ),
  });
}
