import { fileURLToPath } from 'node:url';
import type { ProviderRequest, ProviderTurn } from '@patchbay/testing';
import {
  startArxivApi,
  startFakeProvider,
  startHttpServerProcess,
  startWikipediaApi,
} from '@patchbay/testing';
import { expect, test } from 'vitest';
import { createDemo } from './support/demo.ts';

const config = fileURLToPath(new URL('../research.mcp.json', import.meta.url));
const wikipediaMain = new URL('./main.ts', import.meta.resolve('@patchbay/server-wikipedia'));

type Calls = Extract<ProviderTurn, { kind: 'answer' }>['toolCalls'];

const callsOf = (toolCalls: Calls): ProviderTurn => ({ kind: 'answer', toolCalls });

interface Specialist {
  readonly query: string;
  readonly answer: (found: string) => string;
}

/** A request that was handed on: what is made of it depends on whose tools there are. */
const SPECIALISTS: Readonly<Record<string, Specialist>> = {
  arxiv__search_papers: {
    query: 'attention',
    answer: (found) => `arXiv: ${/1706\.03762/.exec(found)?.[0] ?? found}`,
  },
  wikipedia__search: {
    query: 'transformer',
    answer: (found) => `Wikipedia: ${/transformer/i.exec(found)?.[0] ?? found}`,
  },
};

/** Asks one server after the other, the first by a wrong name, and at the end how they are. */
const STEPS: readonly (readonly (string | undefined)[])[] = [
  ['wikpedia'],
  ['arxiv', 'wikipedia'],
  [undefined],
];

function research({ tools, messages }: ProviderRequest): ProviderTurn {
  const results = messages.flatMap((message) => (message.role === 'tool' ? [message.text] : []));
  const tool = tools.find(({ name }) => name in SPECIALISTS)?.name ?? '';
  const specialist = SPECIALISTS[tool];
  const [found] = results;
  if (specialist && found === undefined) return callsOf([{ name: tool, args: { query: specialist.query } }]);
  if (specialist) return { kind: 'answer', text: specialist.answer(found ?? '') };
  const step = STEPS[messages.filter(({ role }) => role === 'assistant').length];
  if (!step) return { kind: 'answer', text: results.join('\n') };
  return callsOf(
    step.map((server) =>
      server === undefined
        ? { name: 'patchbay__server_health', args: {} }
        : { name: 'patchbay__ask_server', args: { server, query: 'What is known of attention?' } },
    ),
  );
}

test.for(['openai', 'anthropic', 'responses'] as const)(
  'a research assistant over %s asks arXiv on stdio and Wikipedia over SSE, each only while it is needed',
  async (api) => {
    await using arxiv = await startArxivApi();
    await using encyclopedia = await startWikipediaApi();
    await using wikipedia = await startHttpServerProcess({
      main: wikipediaMain,
      args: ['--sse'],
      env: encyclopedia.env,
    });
    await using provider = await startFakeProvider(research);
    await using demo = await createDemo({
      ...arxiv.env,
      WIKIPEDIA_MCP_URL: new URL('/sse', wikipedia.url).href,
      ...(api === 'anthropic' ? provider.anthropicEnv : provider.openAiEnv),
      ...(api === 'responses' ? { OPENAI_API: 'responses' } : {}),
    });
    const question = 'What is known of attention in transformers?';
    const { code, stdout } = await demo.run(['--config', config, '--delegate', '-p', question]);
    expect(provider.problems).toEqual([]);
    expect([...arxiv.problems, ...encyclopedia.problems]).toEqual([]);
    expect(stdout.trim().split('\n')).toEqual([
      'There is no server "wikpedia". The servers are: arxiv, wikipedia.',
      'arXiv: 1706.03762',
      expect.stringMatching(/^Wikipedia: transformer/i),
      expect.stringMatching(/^- arxiv: idle since \S+, \d+ tools$/),
      expect.stringMatching(/^- wikipedia: idle since \S+, \d+ tools$/),
    ]);
    expect(code).toBe(0);
  },
);

test('with Wikipedia away the assistant still has arXiv, and hears why', async () => {
  await using arxiv = await startArxivApi();
  await using provider = await startFakeProvider(research);
  const gone = await startHttpServerProcess({ main: wikipediaMain, args: ['--sse'] });
  await gone[Symbol.asyncDispose]();
  await using demo = await createDemo({
    ...arxiv.env,
    ...provider.openAiEnv,
    WIKIPEDIA_MCP_URL: new URL('/sse', gone.url).href,
  });
  const { stdout } = await demo.run(['--config', config, '--delegate', '-p', 'Attention?']);
  expect(stdout).toContain('arXiv: 1706.03762');
  expect(stdout).toMatch(/wikipedia did not start: .*(nothing listens|ECONNREFUSED)/);
  expect(stdout).toMatch(/- wikipedia: down \(/);
});
