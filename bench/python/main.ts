// Measures the backends of server-python-exec beside bare Python and bare Pyodide: `npm run bench -- python [options]`.
import { mkdtemp, rm } from 'node:fs/promises';
import { arch, cpus, loadavg, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bare } from './bare.ts';
import { bareCPython, barePyodide } from './bare.ts';
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
  const { python, 'container-cli': cli, 'container-image': image } = values;
  const cache = await mkdtemp(join(tmpdir(), 'patchbay-bench-cache-'));
  const host = ['--python', python];
  const all: readonly (readonly [string, readonly string[]])[] = [
    ['cpython-bwrap', host],
    ['cpython-landlock', host],
    ['host', [...host, '--allow-unsafe']],
    ['pyodide', []],
    ...(image === undefined
      ? []
      : ([['container', ['--container-cli', cli, '--container-image', image]]] as const)),
  ];
  const wanted = values.backends?.split(',');
  try {
    console.log(
      `${cpus()[0]?.model ?? '?'} × ${cpus().length}, ${platform()} ${arch()}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}\n`,
    );
    const cpython = bareCPython(python);
    const pyodide = barePyodide();
    console.log(`bare ${python} -c: ${describe(cpython)}\nbare Pyodide: ${describe(pyodide)}\n`);
    console.log(
      '| backend | server, first call | new session | one that waits | call (p95) | loop, beside bare | memory after 1/10 and all calls |',
    );
    console.log('|---|---|---|---|---|---|---|');
    for (const [backend, args] of all.filter(([name]) => wanted?.includes(name) ?? true)) {
      const options = {
        backend,
        args,
        cache,
        repetitions: Number(values.repetitions),
        calls: Number(values.calls),
      };
      const measured = await measureBackend(options).catch((error: unknown) => String(error));
      const bare = backend === 'pyodide' ? pyodide : cpython;
      console.log(
        typeof measured === 'string'
          ? `| ${backend} | ${lastLine(measured)} |`
          : row(backend, { measured, bare }),
      );
    }
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

function row(backend: string, { measured, bare }: { measured: Measured; bare: Bare | undefined }): string {
  const { serverMs, sessionMs, spareMs, callMs, computeMs, memoryMb } = measured;
  const session = `${ms(median(sessionMs))}${bare ? `, ${(median(sessionMs) / bare.startMs).toFixed(2)} × a bare start` : ''}`;
  const compute = `${ms(median(computeMs))}${bare ? `, ${(median(computeMs) / bare.computeMs).toFixed(2)} ×` : ''}`;
  const [first, last] = memoryMb;
  return `| ${[
    backend,
    ms(median(serverMs)),
    session,
    ms(median(spareMs)),
    `${ms(median(callMs))} (${ms(quantile(callMs, 0.95))})`,
    compute,
    `${first.toFixed(0)} MB, ${last.toFixed(0)} MB`,
  ].join(' | ')} |`;
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
