import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ResultsInMemory } from '../src/surface/result-store.ts';
import { withResultBudget } from '../src/surface/result-budget.ts';
import { shortenJson } from '../src/surface/shorten-json.ts';
import type { ToolOutcome } from '../src/tools.ts';
import { outcomeText, textOutcome } from '../src/tools.ts';
import { toolsOf } from './support/fake-tools.ts';

const lines = Array.from(
  { length: 5000 },
  (_, index) => `line ${index + 1}${index === 4321 ? ' Needle' : ''}`,
).join('\n');
const rows = Array.from({ length: 3000 }, (_, id) => ({ id, name: `name ${id}`, note: 'x'.repeat(20) }));

const tools = withResultBudget(
  toolsOf({
    short: () => textOutcome('short', false),
    lines: () => textOutcome(lines, false),
    rows: () => ({ ...textOutcome(JSON.stringify(rows), false), structured: { rows } }),
    fails: () => textOutcome(lines, true),
    picture: () => ({
      content: [{ type: 'image', mimeType: 'image/png', data: 'x'.repeat(100_000) }],
      isError: false,
    }),
  }),
);

async function read(args: Record<string, unknown>): Promise<ToolOutcome> {
  return tools.callTool('patchbay__read_result', args);
}

test('what is short, and what is no text, passes as it is', async () => {
  expect(await tools.callTool('s__short', {})).toEqual(textOutcome('short', false));
  expect((await tools.callTool('s__picture', {})).content[0]).toMatchObject({ data: 'x'.repeat(100_000) });
});

test('a long text is given as its beginning and end, with a handle that reads all of it', async () => {
  const outcome = await tools.callTool('s__lines', {});
  const view = outcomeText(outcome);
  expect(view.length).toBeLessThan(17_000);
  expect(view).toMatch(
    /^line 1\nline 2\n[^]*line 5000\n\[This is a part of \d+ characters\. [^]*handle r\d+\.\]$/,
  );
  const handle = /handle (r\d+)/.exec(view)?.[1] ?? '';

  let whole = '';
  for (let offset: number | undefined = 0; offset !== undefined;) {
    const part = outcomeText(await read({ handle, offset }));
    whole += part.slice(0, part.lastIndexOf('\n['));
    const next = /go on at offset (\d+)/.exec(part)?.[1];
    offset = next === undefined ? undefined : Number(next);
  }
  expect(whole).toBe(lines);
  expect(outcomeText(await read({ handle, grep: 'needle' }))).toBe('4322: line 4322 Needle');
  expect(outcomeText(await read({ handle, grep: 'line' }))).toMatch(/\n50: line 50\n\[4950 more lines\]$/);
  expect(outcomeText(await read({ handle, grep: 'nothing' }))).toBe('No line contains "nothing".');
});

test('a long list stays JSON of the same shape', async () => {
  const outcome = await tools.callTool('s__rows', {});
  const [json = ''] = outcomeText(outcome).split('\n[This is a part');
  const shown: unknown[] = JSON.parse(json);
  expect(shown[0]).toEqual(rows[0]);
  expect(shown.at(-1)).toEqual(rows.at(-1));
  expect(shown).toContainEqual(expect.stringMatching(/^… \d+ more items …$/));
  expect(outcome.structured).toEqual({ rows });
});

test('an error stays an error', async () => {
  expect(await tools.callTool('s__fails', {})).toMatchObject({ isError: true });
});

test.for([{ handle: 'r999' }, {}, { handle: 'r1', offset: -1 }, { handle: 1 }])(
  'read_result with %j says what is wrong',
  async (args) => {
    expect(await read(args)).toMatchObject({ isError: true });
  },
);

test('the reading tool stands among the others, by its name', () => {
  const names = tools.listTools().map(({ name }) => name);
  expect(names).toContain('patchbay__read_result');
  expect(names).toEqual(names.toSorted());
});

test('the shorter JSON is JSON, is shorter, and keeps small values as they are', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 200, max: 5000 }), (json, maxChars) => {
      const shortened = shortenJson(json, maxChars);
      if (shortened === undefined) return;
      expect(shortened.length).toBeLessThanOrEqual(maxChars);
      expect(typeof JSON.parse(shortened)).toBe('object');
    }),
  );
  expect(shortenJson('{"a":[1,2,{"b":null}],"c":"text"}', 1000)).toBe('{"a":[1,2,{"b":null}],"c":"text"}');
  expect(shortenJson('plain text', 1000)).toBeUndefined();
});

test('the store forgets the oldest when it holds too much, never the newest', async () => {
  const store = new ResultsInMemory();
  const chars = 40 * 1024 * 1024;
  const [first, second] = [await store.keep('x'.repeat(chars)), await store.keep('y'.repeat(chars))];
  expect(await store.read(first.handle)).toBeUndefined();
  expect(await store.read(second.handle)).toHaveLength(chars);
});

test('texts that are short alone and long together are kept and shown as one', async () => {
  const parts = Array.from({ length: 10 }, (_, index) => ({
    type: 'text' as const,
    text: `${index}`.repeat(100),
  }));
  const image = { type: 'image' as const, mimeType: 'image/png', data: 'AA==' };
  const source = toolsOf({ many: () => ({ content: [...parts, image], isError: false }) });
  const { content } = await withResultBudget(source, { maxChars: 300 }).callTool('s__many', {});
  expect(content).toEqual([
    {
      type: 'text',
      text: expect.stringMatching(/^0{100}\n1[^]*9{100}\n\[This is a part of 1009 characters\./),
    },
    image,
  ]);
});

test('no character is ever cut in two, neither in what is shown nor in what is read on', async () => {
  const text = '😀'.repeat(1000);
  const bounded = withResultBudget(toolsOf({ smile: () => textOutcome(text, false) }), { maxChars: 101 });
  const view = outcomeText(await bounded.callTool('s__smile', {}));
  expect(view.isWellFormed()).toBe(true);
  const handle = /handle (\w+)/.exec(view)?.[1] ?? '';
  let whole = '';
  for (let offset: number | undefined = 0; offset !== undefined;) {
    const part = outcomeText(await bounded.callTool('patchbay__read_result', { handle, offset }));
    expect(part.isWellFormed()).toBe(true);
    whole += part.slice(0, part.lastIndexOf('\n['));
    const next = /go on at offset (\d+)/.exec(part)?.[1];
    offset = next === undefined ? undefined : Number(next);
  }
  expect(whole).toBe(text);
});
