type Run = () => Promise<unknown>;

export interface Turns {
  /** Timed by turns, so that whatever else the machine does hits both. */
  readonly pair: readonly [Run, Run];
  readonly rounds: number;
  /** Rounds before the first that counts. */
  readonly warmUpRounds: number;
  /**
   * Runs before each measurement, untimed. What one subject does behind its answer is over then, and the processor is
   * as warm for the one as for the other.
   */
  readonly settle: Run;
}

export interface Compared {
  /** Medians, in milliseconds. */
  readonly firstMs: number;
  readonly secondMs: number;
  /** Second by first: the median of each round's own, so that a machine that is slower for a while counts for both. */
  readonly ratio: number;
}

/** Times both, each as often the first of a round as the other. */
export async function measureInTurns({ pair, rounds, warmUpRounds, settle }: Turns): Promise<Compared> {
  const times: readonly [number[], number[]] = [[], []];
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    for (const subject of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      await settle();
      const time = await timeOf(pair[subject]);
      if (round >= 0) times[subject].push(time);
    }
  }
  const ratios = times[1].map((time, round) => time / (times[0][round] ?? Number.NaN));
  return { firstMs: median(times[0]), secondMs: median(times[1]), ratio: median(ratios) };
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** How long `work` takes, in milliseconds. */
export async function timeOf(work: Run): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
