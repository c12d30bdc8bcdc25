import type { LanguageModel, ToolSource } from '@patchbay/core';
import { run, scriptedModel, userMessage } from '@patchbay/core';

/** One run, by turns with calls and calls a turn. */
export interface Shape {
  readonly turns: number;
  readonly callsPerTurn: number;
}

export interface Measured {
  /** From the first event to the last, in milliseconds. */
  readonly ms: number;
  readonly calls: number;
  /** How much the heap has grown from the first quarter of the turns to the last, in bytes; needs `--expose-gc`. */
  readonly heapGrowth: number;
}

/** Tools that answer at once, so that what is measured is the loop. */
export function instantTools(count: number): ToolSource {
  const tools = Array.from({ length: count }, (_, index) => ({
    name: `bench__tool_${index}`,
    server: 'bench',
    tool: `tool_${index}`,
    inputSchema: { type: 'object', properties: { value: { type: 'number' } }, required: ['value'] },
  }));
  const outcome = { content: [{ type: 'text' as const, text: '42' }], isError: false };
  return { listTools: () => tools, callTool: () => Promise.resolve(outcome) };
}

/** A model that calls at once, and answers when it may call no more. */
export function instantModel({ callsPerTurn }: Shape): LanguageModel {
  return scriptedModel(({ toolChoice, messages }) =>
    toolChoice === 'none'
      ? [{ type: 'text-delta', text: 'done' }]
      : Array.from({ length: callsPerTurn }, (_, index) => ({
          type: 'tool-call' as const,
          call: {
            id: `${messages.length}_${index}`,
            name: `bench__tool_${index}`,
            argumentsJson: `{"value":${messages.length}}`,
          },
        })),
  );
}

export async function measureRun(model: LanguageModel, tools: ToolSource, shape: Shape): Promise<Measured> {
  const { turns, callsPerTurn } = shape;
  let calls = 0;
  let early = 0;
  let late = 0;
  const limits = { maxTurns: turns, maxCalls: turns * callsPerTurn };
  const startedAt = performance.now();
  let collecting = 0;
  for await (const event of run({ model, tools, messages: [userMessage('go')], limits })) {
    if (event.type === 'tool-result') calls += 1;
    if (event.type !== 'turn-start' || (event.turn !== Math.ceil(turns / 4) && event.turn !== turns))
      continue;
    const before = performance.now();
    if (event.turn === turns) late = heapBytes();
    else early = heapBytes();
    collecting += performance.now() - before;
  }
  return { ms: performance.now() - startedAt - collecting, calls, heapGrowth: late - early };
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
