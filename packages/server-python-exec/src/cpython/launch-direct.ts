import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { GuestPlaces } from './guest.ts';
import { GUEST_PARENT, guestArguments, guestEnvironment } from './guest.ts';

/** Starts a Python of this machine as it is, with an environment of its own. Whatever walls there are it puts up itself. */
export function launchDirect(pythonPath: string, places: GuestPlaces): ChildProcess {
  return spawn(pythonPath, guestArguments(GUEST_PARENT), {
    cwd: '/',
    env: { ...guestEnvironment(places) },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    // A group of its own: what code starts, where it can, is ended with it.
    detached: true,
  });
}
