import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TransportConfig } from '../src/config/host-config.ts';
import { outcomeText } from '../src/tools.ts';
import type { Limits, Scene } from './support/beside-a-good-one.ts';
import { besideAGoodOne } from './support/beside-a-good-one.ts';
import { faulty, good, recording, stdio } from './support/served.ts';

interface Fault {
  readonly fault: string;
  readonly bad: TransportConfig;
  readonly limits?: Limits;
  readonly play: (scene: Scene) => Promise<void>;
}

/** Down at the start, with that reason. */
const down =
  (reason: RegExp) =>
  async ({ state }: Scene): Promise<void> =>
    expect(state()).toMatchObject({ kind: 'down', reason: expect.stringMatching(reason) });

/** Ready, and a call is answered so. */
const answers =
  (text: RegExp, tool?: string) =>
  async ({ call, state }: Scene): Promise<void> => {
    const outcome = await call(tool);
    expect(outcome).toMatchObject({ isError: false });
    expect(outcomeText(outcome)).toMatch(text);
    expect(state()).toMatchObject({ kind: 'ready' });
  };

const launch = faulty('ignores-sigterm');
const words = launch.kind === 'stdio' ? [launch.command, ...launch.args] : [];

const FAULTS: readonly Fault[] = [
  {
    fault: 'its command is missing',
    bad: stdio('no-such-command-anywhere', []),
    play: down(/^"no-such-command-anywhere" is not on PATH$/),
  },
  {
    fault: 'its script is missing',
    bad: stdio(process.execPath, ['/no/such/server.mjs']),
    play: down(/Cannot find module '\/no\/such\/server\.mjs'/),
  },
  {
    fault: 'it exits at its start',
    bad: faulty('crash-at-start'),
    play: down(/^Error: DATABASE_URL is not set$/),
  },
  {
    fault: 'it is silent at its start',
    bad: faulty('silent'),
    limits: { startTimeoutMs: 1000 },
    play: down(/no answer in time/),
  },
  { fault: 'it writes garbage on stdout', bad: faulty('noisy', 'stdout'), play: answers(/^echo/) },
  { fault: 'it writes 400 KB on stderr', bad: faulty('noisy', 'stderr'), play: answers(/^echo/) },
  {
    fault: 'it exits in the middle of a call',
    bad: faulty('crash-on-call'),
    async play({ call, state }) {
      expect(outcomeText(await call('crash'))).toMatch(
        /the server ended \(exit code 3\).*outcome is unknown/,
      );
      expect(state()).toMatchObject({ kind: 'down', retryAt: expect.any(Number) });
    },
  },
  {
    fault: 'it is stopped in the middle of a call',
    bad: good(),
    limits: { timeoutMs: 500 },
    async play({ call }) {
      const pid = Number(outcomeText(await call('pid')));
      const waiting = call('wait');
      process.kill(pid, 'SIGSTOP');
      expect(outcomeText(await waiting)).toMatch(/no answer in 0\.5 s.*outcome is unknown/);
    },
  },
  { fault: 'it ignores the end of its input and SIGTERM', bad: launch, play: answers(/^\d+ \d+$/) },
  {
    fault: 'it is the grandchild of a shell',
    bad: stdio('sh', ['-c', `${words.map((word) => `'${word}'`).join(' ')}; true`]),
    play: answers(/^\d+ \d+$/),
  },
  { fault: 'it starts a daemon', bad: faulty('leaves-daemon'), play: answers(/^\d+ \d+$/) },
  { fault: 'a result has 30 MiB', bad: faulty('big-result', '32'), play: answers(/characters left out/) },
  {
    fault: 'its list of tools never ends',
    bad: faulty('paged', 'endless'),
    play: down(/^it cannot list its tools/),
  },
  {
    fault: 'one of its tools has a schema that cannot be used',
    bad: faulty('bad-schema'),
    async play(scene) {
      expect(await scene.call('bad')).toMatchObject({ isError: true });
      await answers(/^fine$/, 'echo')(scene);
    },
  },
];

test.concurrent.for(FAULTS)(
  '$fault, and another server of the same host does not notice',
  async ({ bad, limits, play }) => {
    expect(await besideAGoodOne(bad, limits ?? {}, play)).toEqual([]);
  },
);

/** A server that is remembered between the hosts of one test. */
async function remembered(
  work: (memory: {
    readonly play: (scene: (scene: Scene) => Promise<void>) => Promise<void>;
    readonly behave: (era: string) => Promise<void>;
    readonly heard: () => Promise<string>;
    readonly cacheFolder: string;
  }) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-core-'));
  const cacheFolder = join(folder, 'cache');
  const log = join(folder, 'heard.txt');
  const behave = (era: string): Promise<void> =>
    writeFile(`${log}.json`, JSON.stringify({ era, tools: ['one'] }));
  try {
    await behave('legacy');
    await work({
      cacheFolder,
      behave,
      async play(scene) {
        const memory = { cacheFolder, mark: folder };
        expect(await besideAGoodOne(recording(log), { memory }, scene)).toEqual([]);
      },
      heard: () => readFile(log, 'utf8'),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

test.concurrent('it was of the older era in the last run and is of the newer one now', () =>
  remembered(async ({ play, behave }) => {
    await play(async ({ state }) => expect(state()).toMatchObject({ protocol: '2025-11-25' }));
    await behave('modern');
    await play(async (scene) => {
      await answers(/^done$/)(scene);
      expect(scene.state()).toMatchObject({ protocol: '2026-07-28' });
    });
  }));

test.concurrent('its remembered file is cut off', () =>
  remembered(async ({ play, cacheFolder, heard }) => {
    await play(answers(/^done$/));
    for (const name of (await readdir(cacheFolder)).filter((each) => each.endsWith('.json'))) {
      const path = join(cacheFolder, name);
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.slice(0, text.length / 2));
    }
    await play(answers(/^done$/));
    // It was asked again.
    expect((await heard()).match(/server\/discover/g)).toHaveLength(2);
  }));

test.concurrent('two hosts start it at once', () =>
  remembered(async ({ play, cacheFolder }) => {
    await Promise.all([play(answers(/^done$/)), play(answers(/^done$/))]);
    // One whole file for each of the two servers.
    const files = (await readdir(cacheFolder)).filter((name) => name.endsWith('.json'));
    expect(files).toHaveLength(2);
    for (const name of files) {
      expect(JSON.parse(await readFile(join(cacheFolder, name), 'utf8'))).toMatchObject({
        format: expect.any(Number),
      });
    }
  }));
