// Draws a real session of the chat for the README: `npm run record`. Runs the program in a pseudo-terminal, with real servers and
// the offline planner, types, and writes what the screen shows as an SVG.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { toSvg } from './terminal-svg.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const COLUMNS = 92;
const ROWS = 60;
const WAIT_MS = 30_000;

/** What is typed, and what the screen shows before the next is. */
const SESSION: readonly (readonly [keys: string, shows: RegExp])[] = [
  ['', /3 of 4 servers ready[^]*you ›$/],
  ["Multiply 17 by 23, then save the answer under the key 'magic'.\r", /notes › save wants to run[^]*›$/],
  ['y\r', /saved under the key "magic"[^]*you ›$/],
  ['How many tables are there?\r', /sql › [^]*you ›$/],
  ['/servres\r', /Did you mean[^]*you ›$/],
];

const server = (name: string, trusted: boolean, ...args: readonly string[]) => ({
  command: process.execPath,
  args: [
    '--conditions=@patchbay/source',
    join(root, 'packages', `server-${name}`, 'src', 'main.ts'),
    ...args,
  ],
  trusted,
});

const folder = await mkdtemp(join(tmpdir(), 'patchbay-record-'));
try {
  const mcpServers = {
    math: server('math', true),
    sql: server('sql', true),
    notes: server('notes', false),
    weather: { command: 'uvx', args: ['a-weather-server'], env: { PATH: '/nowhere' } },
  };
  await writeFile(join(folder, 'mcp.json'), JSON.stringify({ mcpServers }));
  await writeFile(join(root, 'docs', 'chat.svg'), await record());
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function record(): Promise<string> {
  const screen = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
  const main = join(root, 'packages', 'cli', 'src', 'main.ts');
  const { PATH = '' } = process.env;
  const env = { PATH, HOME: folder, TERM: 'xterm-256color', PATCHBAY_MODEL: 'offline' };
  const options = { cwd: folder, cols: COLUMNS, rows: ROWS, env };
  const terminal = spawn(process.execPath, ['--conditions=@patchbay/source', main], options);
  let changed = Promise.withResolvers<void>();
  terminal.onData((data) => screen.write(data, () => changed.resolve()));
  const gone = new Promise<void>((resolve) => void terminal.onExit(() => resolve()));
  try {
    for (const [keys, shows] of SESSION) {
      terminal.write(keys);
      const late = AbortSignal.timeout(WAIT_MS);
      const isLate = new Promise<void>((resolve) => late.addEventListener('abort', () => resolve()));
      while (!shows.test(textOf(screen))) {
        if (late.aborted) throw new Error(`The screen never showed ${String(shows)}:\n${textOf(screen)}`);
        await Promise.race([changed.promise, isLate]);
        changed = Promise.withResolvers();
      }
    }
    return toSvg(screen, 'A session of patchbay in a terminal');
  } finally {
    terminal.write('\u0003\u0004');
    await gone;
  }
}

function textOf({ buffer: { active } }: InstanceType<typeof xterm.Terminal>): string {
  const lines = Array.from(
    { length: active.length },
    (_, row) => active.getLine(row)?.translateToString(true) ?? '',
  );
  return lines.join('\n').trimEnd();
}
