// Measures the backends of server-python-exec beside bare Python and bare Pyodide: `npm run bench -- python [options]`.
import { mkdtemp, rm } from 'node:fs/promises';
import { arch, cpus, loadavg, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bare } from './bare.ts';
import { bareContainer, bareCPython, barePyodide } from './bare.ts';
import { buildServer } from '../build-server.ts';
import type { Memory } from './memory.ts';
import type { Measured } from './measure-backend.ts';
import { measureBackend } from './measure-backend.ts';

const USAGE = `npm run bench -- python
  --backends pyodide,cpython-bwrap   those alone
  --python /usr/bin/python3          the Python to compare with, and of the backends of this machine
  --container-cli docker --container-image IMAGE   measures containers too
  --repetitions 7                    how often a start is measured
  --calls 1000                       how many calls in a row`;

const { values } = parseArgs({
  options: {
    backends: { type: 'string' },
    python: { type: 'string', default: '/usr/bin/python3' },
    'container-cli': { type: 'string', default: 'docker' },
    'container-image': { type: 'string' },
    repetitions: { type: 'string', default: '7' },
    calls: { type: 'string', default: '1000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else await main();

async function main(): Promise<void> {
  buildServer('server-python-exec');
  const { python, 'container-cli': cli, 'container-image': image } = values;
  console.log(
    `${cpus()[0]?.model ?? '?'} × ${cpus().length}, ${platform()} ${arch()}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}\n`,
  );
  const cpython = bareCPython(python);
  const pyodide = barePyodide();
  const container = image === undefined ? undefined : bareContainer(cli, image);
  console.log(`bare ${python} -c: ${describe(cpython)}\nbare Pyodide: ${describe(pyodide)}`);
  if (image !== undefined) console.log(`bare ${cli} run: ${container ? ms(container.startMs) : 'not here'}`);
  const host = ['--python', python];
  const all: readonly Subject[] = [
    { backend: 'cpython-bwrap', args: host, bare: { ...cpython } },
    { backend: 'cpython-landlock', args: host, bare: { ...cpython } },
    { backend: 'host', args: [...host, '--allow-unsafe'], bare: { ...cpython } },
    { backend: 'pyodide', args: [], bare: pyodide },
    ...(image === undefined
      ? []
      : [
          {
            backend: 'container',
            args: ['--container-cli', cli, '--container-image', image],
            bare: { ...container },
          },
        ]),
  ];
  const wanted = values.backends?.split(',');
  const cache = await mkdtemp(join(tmpdir(), 'patchbay-bench-cache-'));
  try {
    await report(
      all.filter(({ backend }) => wanted?.includes(backend) ?? true),
      cache,
    );
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

/** A backend, and the least that a start and the loop can take; undefined where that was not to be measured. */
interface Subject {
  readonly backend: string;
  readonly args: readonly string[];
  readonly bare: Partial<Bare>;
}

async function report(subjects: readonly Subject[], cache: string): Promise<void> {
  console.log(
    '\n| backend | server, first call | new session | one that waits | call (p95) | loop, beside bare |',
  );
  console.log('|---|---|---|---|---|---|');
  const memory: string[] = [];
  for (const subject of subjects) {
    const { backend, args } = subject;
    const options = {
      backend,
      args,
      cache,
      repetitions: Number(values.repetitions),
      calls: Number(values.calls),
    };
    const measured = await measureBackend(options).catch((error: unknown) => String(error));
    if (typeof measured === 'string') {
      console.log(`| ${backend} | ${lastLine(measured)} |`);
      continue;
    }
    console.log(row(subject, measured));
    memory.push(memoryRow(backend, measured.memory));
  }
  console.log('\nAfter a tenth of the calls, half of them and all:\n');
  console.log("| backend | alive on the server's heap | server | interpreters |\n|---|---|---|---|");
  console.log(memory.join('\n'));
}

function row({ backend, bare }: Subject, measured: Measured): string {
  const { serverMs, sessionMs, spareMs, callMs, computeMs } = measured;
  const beside = (value: number, least: number | undefined): string =>
    least === undefined ? ms(value) : `${ms(value)}, ${(value / least).toFixed(2)} ×`;
  return `| ${[
    backend,
    ms(median(serverMs)),
    beside(median(sessionMs), bare.startMs),
    ms(median(spareMs)),
    `${ms(median(callMs))} (${ms(quantile(callMs, 0.95))})`,
    beside(median(computeMs), bare.computeMs),
  ].join(' | ')} |`;
}

function memoryRow(backend: string, memory: readonly Memory[]): string {
  const inMb = (part: keyof Memory, digits: number): string =>
    `${memory.map((each) => each[part].toFixed(digits)).join(', ')} MB`;
  return `| ${[backend, inMb('heap', 1), inMb('server', 0), inMb('interpreters', 0)].join(' | ')} |`;
}

function describe(bare: Bare | undefined): string {
  return bare === undefined ? 'not here' : `start ${ms(bare.startMs)}, loop ${ms(bare.computeMs)}`;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

function median(all: readonly number[]): number {
  return quantile(all, 0.5);
}

function quantile(all: readonly number[], share: number): number {
  const sorted = all.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
