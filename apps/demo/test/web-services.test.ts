import { startServerProcess } from '@patchbay/testing';
import { describe, expect, test } from 'vitest';
import { SERVERS, startWorld } from './support/server-table.ts';

// The same calls against the services as the local ones play them, and by `npm run test:live` against the real ones.

interface Scenario {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Of the structured answer, as far as it does not change with the day. */
  readonly answer: object;
}

const NUMBER: unknown = expect.any(Number);
const TEXT: unknown = expect.stringMatching(/\S/u);

const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
  weather: [
    {
      tool: 'get_current_weather',
      args: { city: 'Beijing' },
      answer: {
        place: { country_code: 'CN' },
        temperature: NUMBER,
        condition: { text: TEXT },
        attribution: TEXT,
      },
    },
    { tool: 'get_current_weather', args: { city: '北京' }, answer: { place: { country: '中国' } } },
    { tool: 'get_current_weather', args: { city: 'Paris, TX' }, answer: { place: { admin1: 'Texas' } } },
    {
      tool: 'get_forecast',
      args: { city: 'Berlin', days: 3, units: 'imperial' },
      answer: { days: [{ temperature_max: NUMBER }, {}, {}], units: { temperature: '°F' } },
    },
    {
      tool: 'find_place',
      args: { city: 'London', country: 'Canada', count: 1 },
      answer: { places: [{ country_code: 'CA', latitude: NUMBER }] },
    },
  ],
  arxiv: [
    {
      tool: 'search_papers',
      args: { title: '"Attention Is All You Need"', max_results: 1 },
      answer: { papers: [{ title: TEXT, authors: expect.arrayContaining([TEXT]) }], total: NUMBER },
    },
    {
      tool: 'get_paper',
      args: { id: '1706.03762' },
      answer: { id: '1706.03762', title: 'Attention Is All You Need', primary_category: 'cs.CL' },
    },
    {
      tool: 'read_paper',
      args: { id: '1706.03762' },
      answer: { source: 'html', text: TEXT, total_chars: NUMBER },
    },
  ],
  wikipedia: [
    {
      tool: 'search',
      args: { query: 'Turing machine', limit: 1 },
      answer: { results: [{ title: TEXT, url: TEXT }] },
    },
    {
      tool: 'get_summary',
      args: { title: 'Alan Turing' },
      answer: { status: 'ok', summary: TEXT, license: TEXT },
    },
    { tool: 'get_summary', args: { title: '图灵', lang: 'zh' }, answer: { lang: 'zh', summary: TEXT } },
    { tool: 'get_summary', args: { title: 'Mercury' }, answer: { status: 'disambiguation' } },
    {
      tool: 'get_sections',
      args: { title: 'Alan Turing' },
      answer: { sections: expect.arrayContaining([{ number: '0', title: TEXT, chars: NUMBER }]) },
    },
    {
      tool: 'get_article',
      args: { title: 'Alan Turing', max_chars: 500 },
      answer: { text: TEXT, next_offset: NUMBER },
    },
    {
      tool: 'get_links',
      args: { title: 'Alan Turing', limit: 2 },
      answer: { links: [TEXT, TEXT], next_cursor: TEXT },
    },
  ],
};

/** Servers whose real services are asked; none outside of `npm run test:live`. */
const live = (process.env['PATCHBAY_LIVE'] ?? '').split(',').filter((name) => name !== '');
const names = Object.keys(SCENARIOS).filter((name) => live.length === 0 || live.includes(name));

describe.for(names)('%s', (name) => {
  const row = SERVERS[name];
  const isLive = live.includes(name);

  test(
    `answers as ${isLive ? 'the real service' : 'the service on this machine'} has it`,
    { timeout: 120_000 },
    async () => {
      if (!row) throw new Error(`there is no server ${name}`);
      await using world = await startWorld(row);
      const main = new URL('./main.ts', import.meta.resolve(`@patchbay/server-${name}`));
      await using server = await startServerProcess({ main, ...(!isLive && { env: world.env }) });
      for (const { tool, args, answer } of SCENARIOS[name] ?? []) {
        const { text, structured, isError } = await server.callTool(tool, { ...args });
        expect({ tool, args, isError, said: isError ? text : '', structured }).toMatchObject({
          tool,
          args,
          isError: false,
          said: '',
          structured: answer,
        });
      }
    },
  );
});
