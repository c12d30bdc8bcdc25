import { expect, test } from 'vitest';
import { startWeatherServer } from './weather-server.ts';

const BEIJING = {
  place: {
    name: 'Beijing',
    country: 'China',
    country_code: 'CN',
    admin1: 'Beijing',
    latitude: 39.9075,
    longitude: 116.397_23,
    timezone: 'Asia/Shanghai',
  },
  observed_at: '2026-02-03T20:00:00+08:00',
  temperature: -2.4,
  feels_like: -5.4,
  humidity: 61,
  pressure_hpa: 1021.5,
  wind: { speed: 18, direction_deg: 315, gust: 36 },
  precipitation: 0,
  precipitation_minutes: 15,
  cloud_cover: 40,
  condition: { code: 0, text: 'clear sky' },
  is_day: false,
  units: { temperature: '°C', wind_speed: 'km/h', precipitation: 'mm' },
  provider: 'open-meteo',
  attribution: 'Weather data by Open-Meteo.com (CC BY 4.0)',
  alternatives: [],
};

test.for(['legacy', 'modern'] as const)(
  'a %s client gets the weather as data and as a sentence',
  async (era) => {
    await using it = await startWeatherServer({ era });
    const result = await it.weather({ city: 'Beijing' });
    expect(result.structured).toEqual(BEIJING);
    expect(result.isError).toBe(false);
    expect(result.text).toBe(
      'Beijing, China: -2.4 °C (feels like -5.4 °C), clear sky, wind 18 km/h from the northwest with gusts of ' +
        '36 km/h, humidity 61 %, no precipitation; observed 2026-02-03T20:00:00+08:00. ' +
        'Weather data by Open-Meteo.com (CC BY 4.0)',
    );
  },
);

test('the tool says what it does to the world, and what it gives', async () => {
  await using it = await startWeatherServer();
  const [tool, ...others] = await it.server.listTools();
  expect(others.map(({ name }) => name)).toEqual(['get_forecast', 'find_place']);
  expect(tool?.annotations).toEqual({
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  });
  expect(tool?.description?.length).toBeLessThanOrEqual(600);
  expect(Object.keys(tool?.outputSchema?.['properties'] ?? {})).toEqual(Object.keys(BEIJING));
});

test('a Chinese city is answered in Chinese, unless English is asked for', async () => {
  await using it = await startWeatherServer();
  expect((await it.weather({ city: '北京' })).text).toBe(
    '北京市，中国：-2.4 °C（体感 -5.4 °C），晴，西北风 18 km/h（阵风 36 km/h），湿度 61%，无降水；' +
      '观测时间 2026-02-03T20:00:00+08:00。Weather data by Open-Meteo.com (CC BY 4.0)',
  );
  expect((await it.weather({ city: '北京', lang: 'en' })).text).toContain('China: -2.4 °C');
  expect((await it.weather({ city: 'Beijing', lang: 'zh' })).structured).toMatchObject({
    place: { country: '中国' },
    condition: { code: 0, text: '晴' },
  });
});

test('imperial units are asked for and named', async () => {
  await using it = await startWeatherServer();
  const { structured, text } = await it.weather({ city: 'Paris', units: 'imperial' });
  expect(structured).toMatchObject({
    temperature: 46.9,
    wind: { speed: 6.7, gust: 13.4 },
    precipitation: 0.016,
    pressure_hpa: 1021.5,
    units: { temperature: '°F', wind_speed: 'mph', precipitation: 'in' },
  });
  expect(text).toContain('46.9 °F');
  expect(text).toContain('wind 6.7 mph');
  expect(text).toContain('precipitation 0.016 in in 15 min');
});

test('the settings give the units and the language of calls that name none', async () => {
  await using it = await startWeatherServer({ env: { WEATHER_UNITS: 'imperial' }, args: ['--lang', 'zh'] });
  expect((await it.weather({ city: 'London' })).structured).toMatchObject({
    units: { temperature: '°F' },
    condition: { text: '阴' },
  });
  expect((await it.weather({ city: 'London', units: 'metric', lang: 'en' })).structured).toMatchObject({
    units: { temperature: '°C' },
    condition: { text: 'overcast' },
  });
});

test('of several places of one name the most populous is taken and the others are listed', async () => {
  await using it = await startWeatherServer();
  const { structured, text } = await it.weather({ city: 'Paris' });
  expect(structured).toMatchObject({
    place: { country_code: 'FR' },
    alternatives: [
      {
        name: 'Paris',
        country: 'United States',
        country_code: 'US',
        admin1: 'Texas',
        latitude: 33.660_94,
        longitude: -95.555_51,
        timezone: 'America/Chicago',
      },
    ],
  });
  expect(text).toContain('Other places of this name: Paris, Texas, United States.');
});

test('a place that there is not is answered with the closest ones', async () => {
  await using it = await startWeatherServer();
  expect(await it.weather({ city: 'Pariss' })).toMatchObject({
    isError: true,
    text:
      'PLACE_NOT_FOUND: Open-Meteo knows no place called "Pariss"\n' +
      'Closest: Paris, Île-de-France, France; Paris, Texas, United States. ' +
      'Ask again with one of these, or as "city, country".',
  });
  expect((await it.weather({ city: 'Paris, Germany' })).text).toContain(
    'Closest: Paris, Île-de-France, France;',
  );
  expect((await it.weather({ city: 'Qxzq' })).text).toContain('Check the spelling');
});

test('a call again within the time to live costs no request', async () => {
  await using it = await startWeatherServer();
  const first = await it.weather({ city: 'Berlin' });
  expect(await it.weather({ city: ' Berlin ' })).toEqual(first);
  expect(it.paths()).toEqual(['/v1/search', '/v1/forecast']);
  await it.weather({ city: 'Berlin', units: 'imperial' });
  expect(it.paths()).toEqual(['/v1/search', '/v1/forecast', '/v1/forecast']);
});

test('without a cache every call asks again', async () => {
  await using it = await startWeatherServer({ env: { WEATHER_CACHE_TTL_S: '0' } });
  await it.weather({ city: 'Berlin' });
  await it.weather({ city: 'Berlin' });
  expect(it.paths()).toEqual(['/v1/search', '/v1/forecast', '/v1/search', '/v1/forecast']);
});

test('calls at the same time share their requests', async () => {
  await using it = await startWeatherServer();
  it.api.fault('/v1/search', { kind: 'delay', delayMs: 200 });
  const results = await Promise.all(Array.from({ length: 8 }, () => it.weather({ city: 'Berlin' })));
  expect(new Set(results.map(({ text }) => text)).size).toBe(1);
  expect(it.paths()).toEqual(['/v1/search', '/v1/forecast']);
});

test('a caller that gives up takes nothing from the others', async () => {
  await using it = await startWeatherServer();
  it.api.fault('/v1/search', { kind: 'delay', delayMs: 500 });
  const leaving = new AbortController();
  const left = it.weather({ city: 'Berlin' }, leaving.signal).catch((error: unknown) => error);
  const staying = it.weather({ city: 'Berlin' });
  await expect.poll(() => it.paths()).toEqual(['/v1/search']);
  leaving.abort();
  expect(await left).toBeInstanceOf(Error);
  expect((await staying).structured).toMatchObject({ place: { name: 'Berlin' } });
  expect(it.paths()).toEqual(['/v1/search', '/v1/forecast']);
  expect(it.server.stderr()).toBe('');
});
