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

/** The median time of each, in milliseconds. */
export async function measureInTurns(turns: Turns): Promise<readonly [number, number]> {
  const [first, second] = turns.pair;
  const times: readonly [number[], number[]] = [[], []];
  for (let round = -turns.warmUpRounds; round < turns.rounds; round += 1) {
    await turns.settle();
    const one = await timeOf(first);
    await turns.settle();
    const other = await timeOf(second);
    if (round < 0) continue;
    times[0].push(one);
    times[1].push(other);
  }
  return [median(times[0]), median(times[1])];
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
