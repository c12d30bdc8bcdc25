import type { Era } from './subjects.ts';

type Fault = 'exit' | 'slow' | 'silent' | 'stubborn';

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** Which function of `clients/run.mjs` does it, with what besides. */
  readonly work: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** The servers, started by the client or, over HTTP, before it. */
  readonly servers: number;
  readonly transport: 'stdio' | 'json' | 'sse';
  readonly era: Era;
  readonly faults?: readonly (Fault | undefined)[];
  /** What the servers are made with, where that is not by hand. */
  readonly madeWith?: 'sdk';
  readonly tools?: number;
  readonly hasOutputSchemas?: boolean;
  /** The figure that is compared; less is better. `processMs` is the time of the whole process. */
  readonly metric: string;
  /** Whether what was remembered of an earlier run can matter. */
  readonly hasWarmStart?: boolean;
  /** How many repetitions are enough, where they take long. */
  readonly most?: number;
}

const stdio = { transport: 'stdio', era: 'legacy' } as const;
const modern = { transport: 'stdio', era: 'modern' } as const;
const calls = { calls: 5000 };

export const workloads: readonly Workload[] = [
  ...[1, 5, 20].flatMap((servers) => [
    connect(`W1-${servers}`, { ...stdio, servers }),
    connect(`W1-${servers}-modern`, { ...modern, servers }),
  ]),
  {
    ...connect('W1-5-sdk', { ...stdio, servers: 5 }),
    title: 'connect to 5 stdio servers made with the official SDK, and list',
    madeWith: 'sdk',
  },
  sequential('W2-stdio', stdio, '5,000 calls in sequence, stdio'),
  sequential('W2-stdio-modern', modern, '5,000 calls in sequence, stdio, the newer era'),
  sequential(
    'W2-json',
    { transport: 'json', era: 'legacy' },
    '5,000 calls in sequence, HTTP, answers as JSON',
  ),
  sequential(
    'W2-sse',
    { transport: 'sse', era: 'legacy' },
    '5,000 calls in sequence, HTTP, answers as streams',
  ),
  concurrent('W3-stdio', stdio, '10,000 calls over 5 stdio servers, 64 at a time'),
  concurrent(
    'W3-http',
    { transport: 'json', era: 'legacy' },
    '10,000 calls over 5 HTTP servers, 64 at a time',
  ),
  large(1, 16),
  large(8, 4),
  large(16, 2),
  large(64, 1),
  list('W5', { hasOutputSchemas: false }, '1,000 tools listed and converted twice'),
  list('W5-out', { hasOutputSchemas: true }, 'the same, a third of them with output schemas'),
  {
    name: 'W6-import',
    title: 'importing it',
    work: 'import',
    servers: 0,
    ...stdio,
    metric: 'processMs',
  },
  shot('W6-shot', 1),
  shot('W6-shot-5', 5),
  faults('W7-exit', ['slow', 'exit'], 'good servers beside one that is slow (2 s) and one that exits'),
  faults(
    'W7-silent',
    ['slow', 'silent'],
    'good servers beside one that is slow (2 s) and one that is silent',
  ),
  {
    name: 'W8',
    title: 'closing 5 servers that ignore the end of their input',
    work: 'close',
    servers: 5,
    ...stdio,
    faults: ['stubborn', 'stubborn', 'stubborn', 'stubborn', 'stubborn'],
    metric: 'ms',
    most: 2,
  },
];

type Link = Pick<Workload, 'transport' | 'era'>;

function connect(name: string, link: Link & { servers: number }): Workload {
  const era = link.era === 'modern' ? ', the newer era' : '';
  const title = `connect to ${link.servers} stdio server${link.servers > 1 ? 's' : ''} and list${era}`;
  return { name, title, work: 'connect', ...link, metric: 'ms', hasWarmStart: true };
}

function sequential(name: string, link: Link, title: string): Workload {
  return { name, title, work: 'sequential', options: calls, servers: 1, ...link, metric: 'cpuUs' };
}

function concurrent(name: string, link: Link, title: string): Workload {
  return {
    name,
    title,
    work: 'concurrent',
    options: { calls: 10_000 },
    servers: 5,
    ...link,
    metric: 'wallUs',
  };
}

function large(mib: number, rounds: number): Workload {
  // Patchbay hands on 8 Mi characters of a text at most.
  const minLength = Math.min(mib, 8) * 1024 * 1024 - 1024;
  const options = { mib, rounds, minLength };
  const title = `results of ${mib} MiB, stdio`;
  return { name: `W4-${mib}`, title, work: 'large', options, servers: 1, ...stdio, metric: 'wallMsPerMiB' };
}

function list(name: string, { hasOutputSchemas }: { hasOutputSchemas: boolean }, title: string): Workload {
  return { name, title, work: 'tools', servers: 1, ...stdio, tools: 1000, hasOutputSchemas, metric: 'cpuMs' };
}

function shot(name: string, servers: number): Workload {
  const title = `start, connect to ${servers}, list, call, close, exit`;
  return { name, title, work: 'shot', servers, ...stdio, metric: 'processMs', hasWarmStart: true };
}

function faults(name: string, [second, third]: readonly [Fault, Fault], title: string): Workload {
  const options = { good: ['s0', 's3', 's4'], limitMs: 15_000 };
  const bad = [undefined, second, third, undefined, undefined];
  return { name, title, work: 'faults', options, servers: 5, ...stdio, faults: bad, metric: 'ms', most: 2 };
}
