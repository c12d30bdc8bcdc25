// Measures Patchbay beside its peers, the bare SDKs and the physical limit: `npm run bench -- connections [options]`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { arch, cpus, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Comparison } from './compare.ts';
import { compare } from './compare.ts';
import type { Measured } from './measure.ts';
import { measure } from './measure.ts';
import type { Subject } from './subjects.ts';
import { subjects } from './subjects.ts';
import { toSummary, toTable } from './table.ts';
import type { Workload } from './workloads.ts';
import { workloads } from './workloads.ts';

/** Behind it stand the figures of a document. */
const MARK = '<!-- figures: npm run bench -- connections --markdown -->';

const USAGE = `npm run bench -- connections
  --workloads W1,W2-stdio   those whose names begin so; all without it
  --subjects limit,patchbay those alone; all without it
  --repetitions 5           how often each is measured, all subjects in turn
  --smoke                   each workload that is quick, once, without peers that others wrote
  --built                   measures what has been built, instead of building first
  --json FILE               writes all figures
  --markdown FILE           writes the tables into a document, behind its mark`;

const { values } = parseArgs({
  options: {
    workloads: { type: 'string' },
    subjects: { type: 'string' },
    repetitions: { type: 'string', default: '5' },
    smoke: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
    json: { type: 'string' },
    markdown: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else await main();

async function main(): Promise<void> {
  const { works, who, repetitions } = choose();
  prepare(who);
  const cacheFolder = await mkdtemp(join(tmpdir(), 'patchbay-bench-'));
  const done: Comparison[] = [];
  try {
    for (const work of works) {
      const comparison = await compareOn(work, { who, repetitions, cacheFolder });
      done.push(comparison);
      console.log(`${toTable(comparison)}\n`);
    }
  } finally {
    await rm(cacheFolder, { recursive: true, force: true });
  }
  await save(done);
}

function choose(): { works: Workload[]; who: Subject[]; repetitions: number } {
  const { smoke } = values;
  const prefixes = smoke
    ? ['W1-1', 'W2-stdio', 'W2-json', 'W2-sse', 'W5-out', 'W6']
    : values.workloads?.split(',');
  const names = smoke ? ['limit', 'patchbay', 'patchbay-warm'] : values.subjects?.split(',');
  const works = workloads.filter(({ name }) => prefixes?.some((each) => name.startsWith(each)) ?? true);
  const who = subjects.filter(({ name }) => names?.includes(name) ?? true);
  const repetitions = smoke ? 1 : Number(values.repetitions);
  if (works.length === 0 || who.length === 0 || !(repetitions >= 1))
    throw new Error(`Nothing to measure.\n${USAGE}`);
  return { works, who, repetitions };
}

async function save(comparisons: readonly Comparison[]): Promise<void> {
  const [cpu] = cpus();
  const machine = `${cpu?.model ?? '?'} × ${cpus().length}, ${platform()} ${arch()}, Node ${process.version}`;
  const { json, markdown } = values;
  if (json !== undefined)
    await writeFile(json, `${JSON.stringify({ machine, comparisons }, undefined, 2)}\n`);
  if (markdown !== undefined) await writeTables(markdown, machine, comparisons);
}

/** Puts the tables into a document, in place of what stands behind its mark. */
async function writeTables(path: string, machine: string, comparisons: readonly Comparison[]): Promise<void> {
  const [head = ''] = (await readFile(path, 'utf8').catch(() => '')).split(MARK);
  const parts = [
    `Measured on ${machine}.`,
    toSummary(comparisons),
    '## All figures',
    ...comparisons.map(toTable),
  ];
  await writeFile(path, `${head}${MARK}\n\n${parts.join('\n\n')}\n`);
}

async function compareOn(
  work: Workload,
  { who, repetitions, cacheFolder }: { who: readonly Subject[]; repetitions: number; cacheFolder: string },
): Promise<Comparison> {
  const able = who.filter(({ eras, isWarm }) => eras.includes(work.era) && (!isWarm || work.hasWarmStart));
  const runs = new Map<Subject, Measured[]>(able.map((subject) => [subject, []]));
  // What warm subjects remember has to be there before the first of them is measured.
  for (const subject of able) if (subject.isWarm) await measure(subject, work, cacheFolder);
  for (let round = 0; round < Math.min(repetitions, work.most ?? repetitions); round += 1) {
    for (const [subject, measured] of runs) measured.push(await measure(subject, work, cacheFolder));
  }
  return compare(work, runs);
}

/** Builds Patchbay, and installs the peers where one of them is asked for. */
function prepare(who: readonly Subject[]): void {
  const root = join(import.meta.dirname, '..', '..');
  if (!values.built && who.some(({ role }) => role === 'patchbay'))
    command(join(root, 'node_modules', '.bin', 'turbo'), ['run', 'build', '--filter=@patchbay/core'], root);
  const peers = join(import.meta.dirname, 'peers');
  const isInstalled = existsSync(join(peers, 'node_modules', '.package-lock.json'));
  if (!isInstalled && who.some(({ client }) => client.startsWith(peers))) {
    console.log('Installing the peers (750 MB, once) …');
    // Not `npm ci`: it wants the parts for all other systems too, which a mirror may not have.
    command('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'], peers);
  }
}

function command(program: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}
