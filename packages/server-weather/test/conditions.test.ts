import { expect, test } from 'vitest';
import { conditionText } from '../src/conditions.ts';
import { localTime, utcOffset } from '../src/local-time.ts';
import { wmoCode } from '../src/openweather/condition-code.ts';

/** Codes that Open-Meteo documents for `weather_code`. */
const OPEN_METEO_CODES = [
  0, 1, 2, 3, 45, 48, 51, 53, 55, 56, 57, 61, 63, 65, 66, 67, 71, 73, 75, 77, 80, 81, 82, 85, 86, 95, 96, 99,
];

/** Ids that OpenWeather documents, with one per group that it may add later. */
const OPEN_WEATHER_IDS = [
  200, 201, 202, 210, 211, 212, 221, 230, 231, 232, 300, 301, 302, 310, 311, 312, 313, 314, 321, 500, 501,
  502, 503, 504, 511, 520, 521, 522, 531, 600, 601, 602, 611, 612, 613, 615, 616, 620, 621, 622, 701, 711,
  721, 731, 741, 751, 761, 762, 771, 781, 800, 801, 802, 803, 804, 299, 399, 599, 699, 799, 899,
];

test('every code of both services has words in English and in Chinese', () => {
  const codes = [...OPEN_METEO_CODES, ...OPEN_WEATHER_IDS.map(wmoCode)];
  for (const code of codes) {
    expect(conditionText(code, 'en')).toMatch(/^[a-z ]+$/u);
    expect(conditionText(code, 'zh')).toMatch(/^\p{sc=Han}+$/u);
  }
});

test('an unknown code is said to be unknown', () => {
  expect(conditionText(42, 'en')).toBe('unknown condition (WMO code 42)');
  expect(conditionText(42, 'zh')).toBe('未知天气（WMO 代码 42）');
});

test.for([
  [0, '+00:00'],
  [28_800, '+08:00'],
  [-12_600, '-03:30'],
  [20_700, '+05:45'],
] as const)('%i seconds east of UTC are written %s', ([seconds, text]) => {
  expect(utcOffset(seconds)).toBe(text);
});

test('a time is told as the clock at the place shows it', () => {
  expect(localTime(1_770_120_000, 28_800)).toBe('2026-02-03T20:00:00+08:00');
  expect(localTime(1_770_120_000, -18_000)).toBe('2026-02-03T07:00:00-05:00');
});
