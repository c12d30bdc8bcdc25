import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WeatherServer } from './weather-server.ts';
import { startWeatherServer } from './weather-server.ts';

// One process for all: none of these calls changes anything for the others.
let it: WeatherServer;
beforeAll(async () => {
  it = await startWeatherServer();
});
afterAll(() => it[Symbol.asyncDispose]());

test.for([
  [{ city: 'Paris, TX' }, 'Texas'],
  [{ city: 'Paris, Texas' }, 'Texas'],
  [{ city: 'Paris', country: 'US' }, 'Texas'],
  [{ city: 'Paris', country: '美国' }, 'Texas'],
  [{ city: 'Paris, France' }, 'Île-de-France'],
  [{ city: '巴黎，法国' }, '法兰西岛'],
  [{ city: 'Paris', country: 'Frankreich' }, 'Île-de-France'],
  [{ city: 'paris tx' }, 'Texas'],
  [{ city: 'london canada' }, 'Ontario'],
  [{ city: 'paris united states' }, 'Texas'],
  [{ city: 'London, CA' }, 'Ontario'],
  [{ city: 'London, Ontario, Canada' }, 'Ontario'],
  [{ city: 'London', country: '' }, 'England'],
  [{ city: 'München' }, 'Bayern'],
  [{ city: 'münchen, germany' }, 'Bayern'],
  [{ city: '慕尼黑' }, '巴伐利亚'],
  [{ city: ' BERLIN ' }, 'State of Berlin'],
] as const)('%j is found in %s', async ([args, admin1]) => {
  expect((await it.weather(args)).structured).toMatchObject({ place: { admin1 } });
});

test.for([
  ['an empty city', { city: '' }, 'city'],
  ['no city', {}, 'city'],
  ['a city of 10 kB', { city: 'x'.repeat(10_240) }, '<=100'],
  ['a country of 10 kB', { city: 'Paris', country: 'x'.repeat(10_240) }, '<=60'],
  ['a city that is a number', { city: 7 }, 'expected string'],
  ['units that do not exist', { city: 'Paris', units: 'kelvin' }, 'units'],
  ['a language that is not spoken', { city: 'Paris', lang: 'tlh' }, 'lang'],
  ['control characters', { city: 'Paris\u001b[2J' }, 'INVALID_PLACE'],
  ['a lone surrogate', { city: 'Paris\ud800' }, 'INVALID_INPUT'],
  ['a lone surrogate as the country', { city: 'Paris', country: '\udfff' }, 'INVALID_INPUT'],
  ['nothing but commas', { city: ' , ,' }, 'INVALID_PLACE'],
] as const)('%s: refused without a request', async ([, args, said]) => {
  const before = it.paths().length;
  const { isError, text } = await it.weather(args);
  expect({ isError, requests: it.paths().length - before }).toEqual({ isError: true, requests: 0 });
  expect(text).toContain(said);
  expect(text.length).toBeLessThan(500);
});
