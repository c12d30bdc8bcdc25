import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Revision } from '../packages/server-kit/test/fixtures/referee.ts';
import { requiredScenarios, REVISIONS, suite } from '../packages/server-kit/test/fixtures/referee.ts';

/** How many clients run at a time. The suite starts all of them at once, which on few cores is too much for its own limits. */
const AT_ONCE = 2;

/** How long a scenario may take, waiting included, in milliseconds. */
const SCENARIO_MS = 240_000;

const client = join(import.meta.dirname, '../packages/core/test/fixtures/conformance-client.ts');

/** Judges core as a client of servers, and prints a line for each revision, and what is known of each that failed. */
export async function judgeClient(): Promise<boolean> {
  let isOk = true;
  for (const revision of REVISIONS) {
    const required = await requiredScenarios(revision, 'Client');
    const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
    try {
      const { exitCode, summary } = await runSuite(revision, folder);
      const failed = required.filter((scenario) => !hasPassed(scenario, summary));
      const passed = required.length - failed.length;
      console.log(`core                 ${revision}  ${passed}/${required.length}, exit ${exitCode}`);
      if (failed.length > 0 || exitCode !== 0) isOk = false;
      for (const scenario of failed) console.log(await reportOf(scenario, folder));
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  return isOk;
}

function hasPassed(scenario: string, summary: string): boolean {
  const passed = summary.match(/^✓ \S+: [1-9]\d* passed, 0 failed/gmu) ?? [];
  return passed.some((line) => line.startsWith(`✓ ${scenario}: `));
}

/** The suite leaves a folder for each scenario: `<scenario>-<time>`, with its checks and what the client printed. */
async function reportOf(scenario: string, folder: string): Promise<string> {
  let report = `  ${scenario}: failed`;
  for (const name of ['checks.json', 'stdout.txt', 'stderr.txt']) {
    for await (const path of glob(`${scenario}-2*/${name}`, { cwd: folder })) {
      report += `\n--- ${path}\n${await readFile(join(folder, path), 'utf8')}`;
    }
  }
  return report;
}

async function runSuite(
  revision: Revision,
  folder: string,
): Promise<{ exitCode: number | null; summary: string }> {
  await using turnstile = await openTurnstile();
  const command = `${process.execPath} --conditions=@patchbay/source ${client}`;
  const limits = ['--timeout', String(SCENARIO_MS)];
  const child = spawn(
    process.execPath,
    [suite(), 'client', '--command', command, '--requirements', revision, ...limits, '-o', folder],
    { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, CONFORMANCE_TURNSTILE: turnstile.port } },
  );
  const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { exitCode, summary: output.slice(Math.max(0, output.indexOf('=== SUITE SUMMARY ==='))) };
}

/** Lets in {@link AT_ONCE} connections, each by a byte, and the next when one has ended. */
async function openTurnstile(): Promise<AsyncDisposable & { readonly port: string }> {
  const waiting: Socket[] = [];
  let inside = 0;
  function letIn(): void {
    while (inside < AT_ONCE) {
      const next = waiting.shift();
      if (!next) return;
      inside += 1;
      next.write('.');
      next.once('close', () => {
        inside -= 1;
        letIn();
      });
    }
  }
  const server: Server = createServer((socket) => {
    // Whoever is killed resets its connection.
    socket.on('error', () => socket.destroy()).resume();
    waiting.push(socket);
    letIn();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? String(address.port) : '';
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}
