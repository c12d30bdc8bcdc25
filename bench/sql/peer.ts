import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { programOf } from '../build-server.ts';
import type { BenchDatabase } from './database.ts';
import { QUERIES } from './database.ts';
import { startServer } from './mcp-client.ts';
import { measureInTurns } from './timing.ts';

/** Not a dependency of the repository: 134 MB with what it needs, installed here by the first run. */
const PEER = '@bytebase/dbhub';
const PEER_VERSION = '1.4.0';
const folder = join(import.meta.dirname, '.peer');
/** With fewer, the first query measures how soon the engine compiles what both programs do. */
const WARM_UP_ROUNDS = 300;

interface PeerRow {
  readonly query: string;
  readonly peerMs: number;
  readonly ownMs: number;
  /** Peer by own: above 1 this server is faster. */
  readonly speed: number;
}

export interface PeerReport {
  readonly peer: string;
  readonly start: Omit<PeerRow, 'query'>;
  readonly rows: readonly PeerRow[];
}

/**
 * The same statements through the same client over stdio. The peer runs as it comes, which lets it write; this server
 * only reads.
 */
export async function comparePeer({ url }: BenchDatabase, rounds: number): Promise<PeerReport> {
  const peerArgs = [installPeer(), '--transport', 'stdio', '--dsn', url];
  const startOwn = () => startServer([programOf('server-sql')], { MYSQL_URL: url });
  const startPeer = () => startServer(peerArgs);
  const start = await measureInTurns({
    pair: [() => startAndAsk(startPeer, 'execute_sql'), () => startAndAsk(startOwn, 'query')],
    rounds: 5,
    warmUpRounds: 1,
    settle: async () => undefined,
  });
  await using peer = await startPeer();
  await using own = await startOwn();
  const rows: PeerRow[] = [];
  for (const [query, sql] of Object.entries(QUERIES)) {
    const { firstMs, secondMs, ratio } = await measureInTurns({
      pair: [() => peer.call('execute_sql', { sql }), () => own.call('query', { sql })],
      rounds,
      warmUpRounds: WARM_UP_ROUNDS,
      settle: () => wait(2),
    });
    rows.push({ query, peerMs: firstMs, ownMs: secondMs, speed: 1 / ratio });
  }
  return {
    peer: `${PEER} ${PEER_VERSION}`,
    start: { peerMs: start.firstMs, ownMs: start.secondMs, speed: 1 / start.ratio },
    rows,
  };
}

/** From nothing to the first answered statement. */
async function startAndAsk(start: () => ReturnType<typeof startServer>, tool: string): Promise<void> {
  await using server = await start();
  await server.call(tool, { sql: 'SELECT 1' });
}

function installPeer(): string {
  const main = join(folder, 'node_modules', PEER, 'dist/index.js');
  if (existsSync(main)) return main;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', `${PEER}@${PEER_VERSION}`];
  const { status } = spawnSync('npm', args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0 || !existsSync(main)) throw new Error(`${PEER}@${PEER_VERSION} could not be installed`);
  return main;
}
