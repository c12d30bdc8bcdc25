// What is on the screen, to the character. After a change that is meant: vitest run test/render.test.ts -u
import type { RunEvent, ServerState, ServerStatus, ToolDefinition } from '@patchbay/core';
import { PatchbayError } from '@patchbay/core';
import { describe, expect, test } from 'vitest';
import { renderApproval, renderApprovalDetails } from '../src/render/approval.ts';
import { renderCall } from '../src/render/call.ts';
import { renderError } from '../src/render/error.ts';
import { renderFinding } from '../src/render/finding.ts';
import { renderFooter } from '../src/render/footer.ts';
import { renderHistory } from '../src/render/history.ts';
import { renderNotice } from '../src/render/notice.ts';
import { renderProgress } from '../src/render/progress.ts';
import { DRAWN, WORDS } from '../src/render/signs.ts';
import { nameWidth, renderReadiness, renderServer } from '../src/render/startup.ts';
import type { Style } from '../src/render/style.ts';
import { createStyle } from '../src/render/style.ts';
import { renderTool } from '../src/render/tool.ts';
import { fit, twoColumns, widthOf } from '../src/render/width.ts';

const STYLES: Readonly<Record<string, Style>> = {
  colour: createStyle({ isColored: true, signs: DRAWN, columns: 100 }),
  narrow: createStyle({ isColored: false, signs: DRAWN, columns: 40 }),
  words: createStyle({ isColored: false, signs: WORDS, columns: 80 }),
  pipe: createStyle({ isColored: false, signs: DRAWN, columns: Infinity }),
};

/** Clears the screen, writes to the clipboard, turns the reading direction, hides a word, rings, and goes back in the line. */
const HOSTILE = 'a\u001B[2J\u001B]52;c;ZXZpbA==\u0007b\u202Ec\u200Bd\u0007\re\u009B31mf';

const tool = (server: string, name: string, description?: string): ToolDefinition => ({
  name: `${server}__${name}`.replaceAll(/\W/g, '_'),
  server,
  tool: name,
  inputSchema: { type: 'object' },
  ...(description === undefined ? {} : { description }),
});

const multiply = tool('math', 'multiply', 'Multiplies two numbers, exactly, however many digits they have.');
const query = tool('sql', 'query', 'Runs one SELECT statement and gives its rows.\nSecond line.');
const evil = tool(`e${HOSTILE}`, `t${HOSTILE}`, `d${HOSTILE}`);
const chinese = tool('地図', '住所を探す', '住所または場所の名前から、緯度と経度を返します。'.repeat(4));

function result(
  definition: ToolDefinition | undefined,
  args: Readonly<Record<string, unknown>>,
  { text, isError = false }: { text: string; isError?: boolean },
): Extract<RunEvent, { type: 'tool-result' }> {
  const content = [{ type: 'text' as const, text }];
  const outcome = { callId: 'c', name: definition?.name ?? 'nope', content, isError };
  return {
    type: 'tool-result',
    index: 0,
    ...(definition && { tool: definition }),
    args,
    ms: 7,
    result: outcome,
  };
}

const select =
  'SELECT name, city, population FROM cities WHERE population > 1000000 ORDER BY population DESC';
const CALLS = [
  result(multiply, { a: 17, b: 23 }, { text: '391' }),
  result(query, { sql: select, limit: 10 }, { text: 'name,city\n'.repeat(9) }),
  result(
    query,
    { sql: 'x' },
    { text: `the column "x" is not there: ${'it may be another '.repeat(8)}`, isError: true },
  ),
  result(undefined, {}, { text: 'There is no tool named "nope".', isError: true }),
  result(evil, { [HOSTILE]: HOSTILE }, { text: HOSTILE }),
  result(chinese, { 住所: '東京都千代田区千代田一丁目一番一号'.repeat(5) }, { text: '皇居 '.repeat(60) }),
  result(multiply, {}, { text: '' }),
  result(multiply, {}, { text: 'y'.repeat(5000) }),
];

const since = 0;
const agreement = { since, startMs: 41, protocol: '2026-07-28', identity: 'x' };
const STATES: Readonly<Record<string, ServerState>> = {
  math: { kind: 'ready', ...agreement },
  'a-longer-name': { kind: 'degraded', ...agreement, reason: 'no answer to a ping' },
  idle: { kind: 'idle', since },
  slow: { kind: 'connecting', since },
  broken: { kind: 'down', since, reason: 'Error: Cannot find module', hint: 'Build the server first.' },
};

function servers(): ServerStatus[] {
  return Object.entries(STATES).map(([server, state]) => ({
    server,
    state,
    tools: server === 'math' ? [multiply] : [],
    unmatchedTools: server === 'idle' ? ['nope'] : [],
  }));
}

const error = new PatchbayError('MODEL_AUTH', `OpenAI rejected the key ${HOSTILE}`, {
  hint: 'Check OPENAI_API_KEY.',
});
const code = JSON.stringify({ code: 'import os\nprint(os.environ)\n', limit: 3, evil: HOSTILE });

/** Everything that there is to render, as one text. */
function everything(style: Style): string {
  const list = servers();
  const parts: Readonly<Record<string, readonly (string | undefined)[]>> = {
    calls: CALLS.map((event) => renderCall(event, style)),
    servers: [
      ...list.map((status) => renderServer(status, nameWidth(list), style)),
      renderReadiness(list, 'mcp.json'),
      renderReadiness([], 'mcp.json'),
    ],
    tools: [multiply, query, evil, chinese, { ...multiply, name: 'other' }].map((each) =>
      renderTool(each, style),
    ),
    approvals: [
      renderApproval(query, JSON.stringify({ sql: select }), style),
      renderApproval(evil, code, style),
      renderApproval(multiply, '{"a": 1', style),
      renderApproval(multiply, '{}', style),
      renderApproval(query, JSON.stringify({ sql: `${select}\n`.repeat(30) }), style),
    ],
    errors: [renderError(error, style), renderError(new Error('a bare one'), style)],
    findings: (['ok', 'caution', 'problem'] as const).map((level) =>
      renderFinding({ area: 'server math', level, what: 'something\nof two lines', hint: 'do this' }, style),
    ),
    notices: [
      renderNotice(
        { type: 'retry', reason: 'OpenAI is busy', waitMs: 1500, attempt: 1, maxRetries: 3 },
        style,
      ),
      renderNotice({ type: 'limit-reached', limit: 'turns', value: 8 }, style),
      renderNotice({ type: 'turn-start', turn: 1 }, style),
    ],
    footers: [
      renderFooter(
        {
          calls: [],
          usage: { inputTokens: 0, outputTokens: 0 },
          ms: 12,
          model: { id: 'm', label: 'offline' },
        },
        style,
      ),
      renderFooter(
        {
          calls: [],
          usage: { inputTokens: 310, outputTokens: 42, cachedInputTokens: 200, cost: 0.01234 },
          ms: 2345,
          model: { id: 'm', label: 'openai/m' },
        },
        style,
      ),
    ],
    history: [
      renderHistory(
        [
          { role: 'user', content: [{ type: 'text', text: `Hm? ${HOSTILE}` }] },
          {
            role: 'assistant',
            text: 'Let me see.',
            toolCalls: [{ id: '1', name: 'math__add', argumentsJson: '{}' }],
          },
          {
            role: 'tool',
            results: [
              {
                callId: '1',
                name: 'math__add',
                isError: false,
                content: [{ type: 'text', text: 'z'.repeat(200) }],
              },
            ],
          },
        ],
        1,
        style,
      ),
    ],
    progress: [
      renderProgress({ progress: 5, total: 12, message: `reading ${HOSTILE}` }),
      renderProgress({ progress: 5 }),
      renderProgress({ progress: 50, total: 12 }),
    ],
    help: twoColumns(
      [
        ['/tools [server]', 'the tools there are'],
        ['/quit', 'end; so does Ctrl-D'],
      ],
      style.columns,
    ),
  };
  return Object.entries(parts)
    .map(([name, texts]) => `== ${name}\n${texts.map((text) => text ?? '(nothing)').join('\n')}\n`)
    .join('\n');
}

describe('what is shown', () => {
  test.for(Object.entries(STYLES))('in the style "%s" is as it is kept', async ([name, style]) => {
    await expect(everything(style)).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  test.for(Object.entries(STYLES))(
    'in the style "%s" has no control but colours, and no mark that hides',
    ([, style]) => {
      // oxlint-disable-next-line no-control-regex
      const colourless = everything(style).replaceAll(/\u001B\[\d+m/g, '');
      expect(colourless).not.toMatch(/[^\P{C}\n]/u);
    },
  );

  test('in words has no sign that a screen reader reads by its name', () => {
    const { words } = STYLES;
    expect(words && everything(words).split('== progress')[0]).not.toMatch(/[✓✗●○└›→⏹·]/);
  });

  test('of an approval is all that was cut when details are asked for', () => {
    const sql = `${select}\n`.repeat(30);
    expect(renderApprovalDetails(JSON.stringify({ sql }))).toBe(
      `   sql:\n     ${sql.replaceAll('\n', '\n     ')}`,
    );
  });
});

// As tmux 3.3a counts them, by where its cursor is afterwards.
test.for([
  ['e\u0301x', 2],
  ['世界', 4],
  ['✅', 2],
  ['⭐', 2],
  ['⚠', 1],
  ['👨‍👩‍👧', 2],
  ['👨‍💻', 2],
  ['🇩🇪', 2],
  ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', 2],
  ['a\u200Bb\uFEFFc', 3],
  ['a\u00ADb', 3],
  ['\u001B[1mab\u001B[0m', 2],
] as const)(
  '%s takes as many columns as a terminal gives it, and is cut at none within',
  ([text, columns]) => {
    expect(widthOf(text)).toBe(columns);
    expect(fit(`👨‍👩‍👧${text}`, 1)).toBe('');
    expect(fit(`👨‍👩‍👧${text}`, 2)).toMatch(/^👨‍👩‍👧$/u);
  },
);
