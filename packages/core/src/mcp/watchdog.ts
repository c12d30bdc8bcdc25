import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { TREE_VARIABLE } from './escaped-processes.ts';

/**
 * Reads `+ <group> <mark>` and `- <group> <mark>`, and outlives this process by the moment it takes to end the groups
 * that are left: whoever dies of SIGKILL cannot do so itself, and not every server ends with its input. What has left its
 * group is known by its mark, on Linux.
 */
const SCRIPT = `
groups=' '
while read -r what group mark; do
  case $what in
    +) groups="$groups$group:$mark " ;;
    -) groups="\${groups%% $group:$mark *} \${groups#* $group:$mark }" ;;
  esac
done
left=
for each in $groups; do kill -TERM "-\${each%%:*}" 2>/dev/null && left=1; done
[ "$left" ] && sleep 1
for each in $groups; do
  kill -KILL "-\${each%%:*}" 2>/dev/null
  for file in $(grep -alF "${TREE_VARIABLE}=\${each#*:}" /proc/[0-9]*/environ 2>/dev/null); do
    file=\${file#/proc/}
    kill -KILL "\${file%/environ}" 2>/dev/null
  done
done
`;

/**
 * How long after a server the shell is started, in milliseconds. Until then the servers that have just been started want
 * the processor for themselves, and many a program is over. Whoever is killed by SIGKILL in that time leaves
 * it to the servers to end with their input.
 */
const WATCH_AFTER_MS = 500;

const groups = new Map<number, string>();
let starting: NodeJS.Timeout | undefined;
let watchdog: ChildProcess | undefined;

/**
 * Makes the process group end when this process does, even by SIGKILL. One small shell watches all groups; it runs as
 * long as there is one. On Windows, which has no groups, nothing is watched: there a server must end with its input.
 */
export function watchGroup(group: number, mark: string): void {
  if (process.platform === 'win32') return;
  groups.set(group, mark);
  if (watchdog) tell(`+ ${group} ${mark}`);
  else starting ??= setTimeout(watch, WATCH_AFTER_MS).unref();
}

/** The group has ended: its number may soon be another's. */
export function unwatchGroup(group: number): void {
  const mark = groups.get(group);
  if (mark === undefined) return;
  groups.delete(group);
  tell(`- ${group} ${mark}`);
  if (groups.size > 0) return;
  clearTimeout(starting);
  starting = undefined;
  watchdog?.stdin?.end();
  watchdog = undefined;
}

function watch(): void {
  starting = undefined;
  watchdog = startWatchdog();
  for (const [group, mark] of groups) tell(`+ ${group} ${mark}`);
}

/** Where there is none servers still end with their input, as nearly all do. */
function startWatchdog(): ChildProcess | undefined {
  try {
    return spawnWatchdog();
  } catch {
    return undefined;
  }
}

function spawnWatchdog(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
    // It must not hear the Ctrl-C that ends this process.
    detached: true,
  });
  const forget = (): void => {
    if (watchdog === child) watchdog = undefined;
  };
  child.once('error', forget);
  child.once('exit', forget);
  child.unref();
  // Where this process may open no other file, it comes without.
  const stdin: Writable | null = child.stdin;
  stdin?.on('error', forget);
  if (stdin && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return child;
}

function tell(line: string): void {
  watchdog?.stdin?.write(`${line}\n`);
}
