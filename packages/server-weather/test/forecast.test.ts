import { expect, test } from 'vitest';
import { startWeatherServer } from './weather-server.ts';

test('the coming days are told as data and a line each', async () => {
  await using it = await startWeatherServer();
  const { structured, text } = await it.server.callTool('get_forecast', { city: 'Paris', days: 2 });
  expect(structured).toMatchObject({
    place: { name: 'Paris', country: 'France' },
    units: { temperature: '°C', wind_speed: 'km/h', precipitation: 'mm' },
    alternatives: [{ admin1: 'Texas' }],
  });
  expect(structured).toHaveProperty('days', [
    {
      date: '2026-02-03',
      condition: { code: 61, text: 'light rain' },
      temperature_max: 8.3,
      temperature_min: 2.3,
      precipitation: 0,
      precipitation_probability: 0,
      wind_speed_max: 21.6,
      sunrise: '2026-02-03T07:20:00+01:00',
      sunset: '2026-02-03T17:40:00+01:00',
    },
    expect.objectContaining({ date: '2026-02-04', temperature_max: 9.3, precipitation: 2 }),
  ]);
  expect(text).toBe(
    'Paris, Île-de-France, France\n' +
      '2026-02-03: light rain, 2.3 – 8.3 °C, precipitation 0 mm (0 %), wind up to 21.6 km/h\n' +
      '2026-02-04: light rain, 3.3 – 9.3 °C, precipitation 2 mm (5 %), wind up to 21.6 km/h\n' +
      'Weather data by Open-Meteo.com (CC BY 4.0)',
  );
});

test('days that the service does not reach are left out, and said', async () => {
  await using it = await startWeatherServer();
  const { text } = await it.server.callTool('get_forecast', { city: '北京', days: 16 });
  expect(text).toContain('2026-02-04：小雨，-7.4 – -1.4 °C，降水 2 mm (5 %)，最大风速 36 km/h');
  expect(text).toContain('(Open-Meteo tells 15 days.)');
});

test('OpenWeather tells five days, made of steps of three hours', async () => {
  await using it = await startWeatherServer({ provider: 'openweather' });
  const { structured, text } = await it.server.callTool('get_forecast', {
    city: 'Berlin',
    units: 'imperial',
  });
  expect(structured).toMatchObject({
    days: [
      { date: '2026-02-03', condition: { text: 'fog' } },
      {
        date: '2026-02-04',
        condition: { text: 'snow' },
        precipitation: 0.059,
        precipitation_probability: 80,
      },
      {},
      {},
      {},
    ],
    units: { temperature: '°F' },
  });
  expect(text).toContain('Weather data provided by OpenWeather');
});

test('days and units share what was asked once', async () => {
  await using it = await startWeatherServer();
  await it.server.callTool('get_forecast', { city: 'Berlin', days: 1 });
  await it.server.callTool('get_forecast', { city: 'Berlin', days: 9 });
  expect(it.paths()).toEqual(['/v1/search', '/v1/forecast']);
});

test('a name is answered with the places that it may mean', async () => {
  await using it = await startWeatherServer();
  const { structured, text } = await it.server.callTool('find_place', { city: 'London' });
  expect(structured).toMatchObject({
    places: [
      {
        name: 'London',
        country: 'United Kingdom',
        population: 8_961_989,
        ask_as: 'London, England, United Kingdom',
      },
      { name: 'London', country: 'Canada', ask_as: 'London, Ontario, Canada' },
    ],
  });
  expect(text.split('\n')[0]).toBe('London, England, United Kingdom (51.50853, -0.12574)');
  const one = await it.server.callTool('find_place', { city: '巴黎', country: '法国', count: 1 });
  expect(one.structured).toMatchObject({ places: [{ name: '巴黎', ask_as: '巴黎，法兰西岛，法国' }] });
  expect((await it.server.callTool('find_place', { city: 'Qxzq' })).text).toMatch(/^PLACE_NOT_FOUND/u);
});

test('the codes of conditions are a resource', async () => {
  await using it = await startWeatherServer();
  const { contents } = await it.server.client.readResource({ uri: 'weather://codes' });
  expect(contents).toMatchObject([{ text: expect.stringContaining('"clear sky"') }]);
});
