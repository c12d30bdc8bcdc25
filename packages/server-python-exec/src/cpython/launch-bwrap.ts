import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { GUEST_PACKAGE, guestArguments, guestEnvironment, SYSTEM_FILES, SYSTEM_FOLDERS } from './guest.ts';
import type { HostPython } from './host-python.ts';

/** Where the sandbox has its folders. */
export const BWRAP_PLACES = { temporary: '/tmp', workspace: '/workspace' } as const;
const PACKAGES = '/run/patchbay';

export interface LaunchOptions {
  readonly bwrapPath: string;
  readonly python: HostPython;
  /** Real path of the folder that code may read and write. */
  readonly workspace: string;
  /** A folder of packages that code may read; it is there. */
  readonly packages: string | undefined;
  /** How much each of the two file systems in memory may hold, in bytes. */
  readonly temporaryBytes: number;
}

/** Starts Python in namespaces of its own; it ends when this process does. */
export function launchBwrap(options: LaunchOptions): ChildProcess {
  const { bwrapPath, python, workspace, packages } = options;
  const size = ['--size', String(options.temporaryBytes)];
  const environment = Object.entries(guestEnvironment(BWRAP_PLACES));
  const args = [
    ['--unshare-all', '--unshare-user', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ['--hostname', 'sandbox', '--clearenv'],
    ...environment.map(([name, value]) => ['--setenv', name, value]),
    ...[...SYSTEM_FOLDERS, ...SYSTEM_FILES].map((path) => ['--ro-bind-try', path, path]),
    ['--dev', '/dev', ...size, '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    [...size, '--tmpfs', BWRAP_PLACES.temporary],
    // After /tmp: a Python may live below it.
    ...python.folders.map((path) => ['--ro-bind', path, path]),
    ...(packages === undefined ? [] : [['--ro-bind', packages, packages]]),
    ['--bind', workspace, BWRAP_PLACES.workspace],
    ['--ro-bind', GUEST_PACKAGE, `${PACKAGES}/patchbay_guest`],
    ['--remount-ro', '/', '--chdir', BWRAP_PLACES.workspace, '--'],
    [python.path, ...guestArguments(PACKAGES)],
  ];
  return spawn(bwrapPath, args.flat(), {
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
}
