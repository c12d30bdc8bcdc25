// leaves-daemon: works, and starts a process that leaves it as daemons do: twice forked, in a session of its own, deaf to
// SIGTERM, holding the server's stderr open. The tool `pids` answers both process ids.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { serveRaw, textResult } from './raw-server.ts';

/** It ends at last by itself, so that a test which fails leaves nothing behind. */
const LIFETIME_MS = 120_000;

// The process in between ends at once, so that the daemon's parent is the system.
const between = spawn(
  process.execPath,
  [
    '-e',
    `const { spawn } = require('node:child_process');
     const code = "process.on('SIGTERM', () => {}); setTimeout(() => {}, ${LIFETIME_MS}); console.log(process.pid)";
     const daemon = spawn(process.execPath, ['-e', code], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
     daemon.stdout.once('data', (pid) => { process.stdout.write(pid, () => process.exit(0)); });`,
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const [pid] = await once(between.stdout, 'data');
await once(between, 'exit');
const pids = `${process.pid} ${Number(String(pid))}`;

serveRaw({ tools: ['pids'], call: () => textResult(pids) });
