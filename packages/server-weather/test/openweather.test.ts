import { expect, test } from 'vitest';
import { startWeatherServer } from './weather-server.ts';

const KEY = '0123456789abcdef0123456789abcdef';

test('with a key OpenWeather is asked, and the result has the same form', async () => {
  await using it = await startWeatherServer({ provider: 'openweather' });
  const { structured, text } = await it.weather({ city: 'Paris' });
  expect(structured).toEqual({
    place: {
      name: 'Paris',
      country: 'France',
      country_code: 'FR',
      admin1: 'Île-de-France',
      latitude: 48.853_41,
      longitude: 2.3488,
    },
    observed_at: '2026-02-03T13:00:00+01:00',
    temperature: 8.3,
    feels_like: 5.3,
    humidity: 61,
    pressure_hpa: 1021,
    wind: { speed: 10.8, direction_deg: 315, gust: 21.6 },
    precipitation: 0.4,
    precipitation_minutes: 60,
    cloud_cover: 40,
    condition: { code: 61, text: 'light rain' },
    is_day: true,
    units: { temperature: '°C', wind_speed: 'km/h', precipitation: 'mm' },
    provider: 'openweather',
    attribution: 'Weather data provided by OpenWeather (openweathermap.org)',
    alternatives: [
      {
        name: 'Paris',
        country: 'United States',
        country_code: 'US',
        admin1: 'Texas',
        latitude: 33.660_94,
        longitude: -95.555_51,
      },
    ],
  });
  expect(text).toContain('Weather data provided by OpenWeather');
  expect(it.paths()).toEqual(['/geo/1.0/direct', '/data/2.5/weather']);
});

test('imperial units are converted where OpenWeather does not', async () => {
  await using it = await startWeatherServer({ provider: 'openweather' });
  expect((await it.weather({ city: 'Paris', units: 'imperial' })).structured).toMatchObject({
    temperature: 46.9,
    wind: { speed: 6.7 },
    precipitation: 0.016,
    units: { temperature: '°F', wind_speed: 'mph', precipitation: 'in' },
  });
});

test.for([
  ['Paris, TX', 'Texas', ['Paris,TX,US']],
  ['Paris, Texas, USA', 'Texas', ['Paris,TX,US']],
  ['Paris, France', 'Île-de-France', ['Paris,FR']],
  ['London, CA', 'Ontario', ['London,CA,US', 'London,CA']],
  ['München', 'Bavaria', ['München']],
  ['München, Bavaria', 'Bavaria', ['München']],
] as const)('%s is found in %s', async ([city, admin1, asked]) => {
  await using it = await startWeatherServer({ provider: 'openweather' });
  expect((await it.weather({ city })).structured).toMatchObject({ place: { admin1 } });
  const names = it.api.requests.flatMap(({ query }) => query['q'] ?? []);
  expect(new Set(names)).toEqual(new Set(asked));
});

test('the name of a place comes in the language of the answer', async () => {
  await using it = await startWeatherServer({ provider: 'openweather' });
  expect((await it.weather({ city: '北京' })).structured).toMatchObject({
    place: { name: '北京市', country: '中国' },
    condition: { text: '晴' },
  });
  expect((await it.weather({ city: 'Beijing' })).structured).toMatchObject({
    place: { name: 'Beijing', country: 'China' },
  });
});

test('a place that there is not is answered with the closest ones', async () => {
  await using it = await startWeatherServer({ provider: 'openweather' });
  expect((await it.weather({ city: 'Paris, Germany' })).text).toBe(
    'PLACE_NOT_FOUND: OpenWeather knows no place called "Paris, Germany"\n' +
      'Closest: Paris, Île-de-France, France; Paris, Texas, United States. ' +
      'Ask again with one of these, or as "city, country".',
  );
  expect((await it.weather({ city: 'Qxzq' })).text).toContain('Check the spelling');
});

test('a refused key is an error that says what to do', async () => {
  await using it = await startWeatherServer({ env: { OPENWEATHER_API_KEY: 'wrong-key-1234567890' } });
  const { isError, text } = await it.weather({ city: 'Paris' });
  expect(isError).toBe(true);
  expect(text).toMatch(/^INVALID_KEY: OpenWeather refused the key \(HTTP 401\): Invalid API key/u);
  expect(text).toContain('OPENWEATHER_API_KEY');
});

test('the key is in no result and no log line, even when the service echoes it', async () => {
  await using it = await startWeatherServer({ provider: 'openweather' });
  const echo = { cod: '400', message: `Bad request: /geo/1.0/direct?appid=${KEY}` };
  it.api.fault(
    '/geo/1.0/direct',
    { kind: 'status', status: 400, body: echo },
    { kind: 'status', status: 401, body: echo },
    { kind: 'status', status: 429, body: echo, headers: { 'retry-after': '60' } },
    { kind: 'text', text: KEY },
    { kind: 'text', text: JSON.stringify([{ name: KEY, lat: KEY }]) },
    { kind: 'oversize', bytes: 1_100_000 },
    { kind: 'cut' },
  );
  const results = [];
  for (let call = 0; call < 8; call += 1)
    results.push(
      await it.server.client.callTool({ name: 'get_current_weather', arguments: { city: 'Paris' } }),
    );
  expect(results.map(({ isError }) => isError ?? false)).toEqual([
    ...Array.from({ length: 7 }).fill(true),
    false,
  ]);
  expect(JSON.stringify(results)).not.toContain(KEY);
  expect(JSON.stringify(results[0])).toContain('appid=[key]');
  expect(it.server.stderr()).not.toContain(KEY);
  expect(it.api.requests.every(({ query }) => query['appid'] === KEY)).toBe(true);
});

test.for([
  [{ OPENWEATHER_API_KEY: '' }, 'open-meteo'],
  [{ OPENWEATHER_API_KEY: '  ' }, 'open-meteo'],
  [{ OPENWEATHER_API_KEY: KEY }, 'openweather'],
  [{ OPENWEATHER_API_KEY: KEY, WEATHER_PROVIDER: 'open-meteo' }, 'open-meteo'],
  [{ OPENWEATHER_API_KEY: KEY, WEATHER_PROVIDER: '' }, 'openweather'],
] as const)('the environment %j leads to %s', async ([env, provider]) => {
  await using it = await startWeatherServer({ env });
  expect((await it.weather({ city: 'Paris' })).structured).toMatchObject({ provider });
});

test('flags win over the environment', async () => {
  await using it = await startWeatherServer({
    env: { WEATHER_PROVIDER: 'open-meteo' },
    args: ['--provider', 'openweather', '--openweather-api-key', KEY],
  });
  expect((await it.weather({ city: 'Paris' })).structured).toMatchObject({ provider: 'openweather' });
});
