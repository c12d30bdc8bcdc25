// Measures what the tool loop costs besides models and tools, and what the adapters add: `npm run bench -- loop`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { LanguageModel } from '@patchbay/core';
import { chooseModel } from '@patchbay/core';
import type { Shape } from './measure.ts';
import { instantModel, instantTools, measureRun } from './measure.ts';

const RUNS = 5;
const SHAPE: Shape = { turns: 200, callsPerTurn: 5 };
const TOOLS = 50;

setFlagsFromString('--expose-gc');
globalThis.gc = runInNewContext('gc');

console.log(
  `${SHAPE.turns} turns of ${SHAPE.callsPerTurn} calls, ${TOOLS} tools that answer at once; medians of ${RUNS} runs\n`,
);
await report('the loop alone', instantModel(SHAPE));

const args = [...process.execArgv, join(import.meta.dirname, 'provider.ts'), String(SHAPE.callsPerTurn)];
const provider = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
const [line] = await once(createInterface({ input: provider.stdout }), 'line');
const env: Record<string, string> = { ...JSON.parse(String(line)), OPENAI_MODEL: 'm', ANTHROPIC_MODEL: 'm' };
await report('with Chat Completions', chooseModel(env, 'openai').model);
await report('with Responses', chooseModel({ ...env, OPENAI_API: 'responses' }, 'openai').model);
await report('with Messages', chooseModel(env, 'anthropic').model);
provider.stdin.end();
await once(provider, 'exit');

async function report(title: string, model: LanguageModel): Promise<void> {
  const tools = instantTools(TOOLS);
  const measured = [];
  // The first run loads what it needs, and is not counted.
  for (let count = 0; count <= RUNS; count += 1) measured.push(await measureRun(model, tools, SHAPE));
  const counted = measured.slice(1).toSorted((one, other) => one.ms - other.ms);
  const { ms = 0, calls = 1, heapGrowth = 0 } = counted[Math.floor(RUNS / 2)] ?? {};
  const perCall = `${((ms * 1000) / calls).toFixed(0)} µs a call`.padStart(16);
  const perTurn = `${(ms / SHAPE.turns).toFixed(2)} ms a turn`.padStart(18);
  console.log(
    `${title.padEnd(22)}${perCall}${perTurn}   heap ${(heapGrowth / 1e6).toFixed(1)} MB more at the end`,
  );
}
