// Measures `patchbay` beside other programs for MCP in a terminal: `npm run bench -- cli [options]`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { arch, cpus, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from '../statistics.ts';
import type { Figures, Surroundings } from './measure.ts';
import { measureChat, measureRun } from './measure.ts';
import { peersFolder, programs, SERVER, WORKLOADS } from './programs.ts';

const USAGE = `npm run bench -- cli
  --repetitions 9   how often each is run, all programs in turn
  --built           measures what has been built, instead of building first
  --json FILE       writes all figures`;

const METRICS = ['firstOutputMs', 'totalMs', 'peakMb'] as const;

const { values } = parseArgs({
  options: {
    repetitions: { type: 'string', default: '9' },
    built: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else await main(Number(values.repetitions));

/** One program at one workload: every run of it. */
interface Row {
  readonly workload: string;
  readonly program: string;
  readonly runs: Figures[];
}

async function main(repetitions: number): Promise<void> {
  prepare();
  const cwd = await mkdtemp(join(tmpdir(), 'patchbay-bench-'));
  try {
    const rows = await measureAll(repetitions, cwd);
    const [cpu] = cpus();
    const machine = `${cpu?.model ?? '?'} × ${cpus().length}, ${platform()} ${arch()}, Node ${process.version}`;
    console.log(`${machine}, medians of ${repetitions}\n\n${toTable(rows)}`);
    if (values.json !== undefined)
      await writeFile(values.json, `${JSON.stringify({ machine, repetitions, rows }, undefined, 2)}\n`);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

async function measureAll(repetitions: number, cwd: string): Promise<readonly Row[]> {
  const [one, five] = [join(cwd, 'one.json'), join(cwd, 'five.json')];
  const server = { command: process.execPath, args: [SERVER] };
  await writeFile(one, JSON.stringify({ mcpServers: { s: server } }));
  const names = ['a', 'b', 'c', 'd', 'e'];
  await writeFile(
    five,
    JSON.stringify({ mcpServers: Object.fromEntries(names.map((name) => [name, server])) }),
  );
  // A home of its own: neither the user's settings nor what an earlier run remembered may help.
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    HOME: cwd,
    TERM: 'xterm-256color',
    PATCHBAY_CACHE: 'off',
    PATCHBAY_MODEL: 'offline',
    MCPORTER_DAEMON: '0',
  };
  const around: Surroundings = { cwd, env };

  const rows: Row[] = [];
  const row = (workload: string, program: string): Row => {
    const found = rows.find((each) => each.workload === workload && each.program === program);
    if (found) return found;
    const added = { workload, program, runs: [] };
    rows.push(added);
    return added;
  };
  for (let round = 0; round < repetitions; round += 1) {
    for (const { name: workload, title } of WORKLOADS) {
      for (const { name, commands } of programs(one)) {
        const args = commands[workload];
        if (args) row(title, name).runs.push(await measureRun(args, around));
      }
    }
    row('opens a chat over five servers', 'patchbay').runs.push(await measureChat(five, around));
  }
  return rows;
}

/** Medians, and the ratio of each to patchbay's in the same round: above 1 is slower, or larger, than patchbay. */
function toTable(rows: readonly Row[]): string {
  const head = '| workload | program | first output, ms | × | done, ms | × | peak memory, MB | × |';
  const lines = rows.map((row) => {
    const own = rows.find(({ workload, program }) => workload === row.workload && program === 'patchbay');
    const cells = METRICS.map((metric) => {
      const value = median(row.runs.map((run) => run[metric]));
      const ratios = row.runs.map((run, index) => run[metric] / (own?.runs[index]?.[metric] ?? NaN));
      return `${value?.toFixed(0) ?? ''} | ${median(ratios)?.toFixed(2) ?? ''}`;
    });
    return `| ${row.workload} | ${row.program} | ${cells.join(' | ')} |`;
  });
  return [head, '|---|---|---:|---:|---:|---:|---:|---:|', ...lines].join('\n');
}

/** Builds the program, and installs the others where they are not. */
function prepare(): void {
  const root = join(import.meta.dirname, '..', '..');
  if (!values.built)
    command(join(root, 'node_modules', '.bin', 'turbo'), ['run', 'build', '--filter=@patchbay/cli'], root);
  if (existsSync(join(peersFolder, 'node_modules', '.package-lock.json'))) return;
  console.log('Installing the other programs (150 MB, once) …');
  command('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], peersFolder);
}

function command(program: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}
