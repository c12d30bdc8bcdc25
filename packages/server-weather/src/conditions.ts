import type { Language } from './places/place.ts';

/**
 * What the codes mean. Source: WMO code table 4677 (present weather); Open-Meteo uses the codes from 0 to 3 and from
 * 45 up, OpenWeather's own ids are mapped to this table.
 */
const CONDITIONS: Readonly<Record<number, Readonly<Record<Language, string>>>> = {
  0: { en: 'clear sky', zh: '晴' },
  1: { en: 'mainly clear', zh: '大部晴朗' },
  2: { en: 'partly cloudy', zh: '多云' },
  3: { en: 'overcast', zh: '阴' },
  4: { en: 'smoke or ash', zh: '烟雾' },
  5: { en: 'haze', zh: '霾' },
  6: { en: 'dust in the air', zh: '浮尘' },
  7: { en: 'blowing dust or sand', zh: '扬沙' },
  8: { en: 'dust whirls', zh: '尘卷风' },
  9: { en: 'dust storm', zh: '沙尘暴' },
  10: { en: 'mist', zh: '轻雾' },
  18: { en: 'squalls', zh: '飑' },
  19: { en: 'tornado', zh: '龙卷风' },
  45: { en: 'fog', zh: '雾' },
  48: { en: 'fog with rime', zh: '雾凇' },
  51: { en: 'light drizzle', zh: '小毛毛雨' },
  53: { en: 'drizzle', zh: '毛毛雨' },
  55: { en: 'dense drizzle', zh: '浓毛毛雨' },
  56: { en: 'light freezing drizzle', zh: '小冻毛毛雨' },
  57: { en: 'freezing drizzle', zh: '冻毛毛雨' },
  61: { en: 'light rain', zh: '小雨' },
  63: { en: 'rain', zh: '中雨' },
  65: { en: 'heavy rain', zh: '大雨' },
  66: { en: 'light freezing rain', zh: '小冻雨' },
  67: { en: 'freezing rain', zh: '冻雨' },
  68: { en: 'light rain and snow', zh: '小雨夹雪' },
  69: { en: 'rain and snow', zh: '雨夹雪' },
  71: { en: 'light snow', zh: '小雪' },
  73: { en: 'snow', zh: '中雪' },
  75: { en: 'heavy snow', zh: '大雪' },
  77: { en: 'snow grains', zh: '米雪' },
  80: { en: 'light rain showers', zh: '小阵雨' },
  81: { en: 'rain showers', zh: '阵雨' },
  82: { en: 'violent rain showers', zh: '强阵雨' },
  83: { en: 'light showers of rain and snow', zh: '小阵性雨夹雪' },
  84: { en: 'showers of rain and snow', zh: '阵性雨夹雪' },
  85: { en: 'light snow showers', zh: '小阵雪' },
  86: { en: 'heavy snow showers', zh: '大阵雪' },
  95: { en: 'thunderstorm', zh: '雷暴' },
  96: { en: 'thunderstorm with hail', zh: '雷暴伴冰雹' },
  97: { en: 'heavy thunderstorm', zh: '强雷暴' },
  99: { en: 'thunderstorm with heavy hail', zh: '雷暴伴大冰雹' },
};

/** The condition in words; a code outside the table is said as such. */
export function conditionText(code: number, language: Language): string {
  const unknown = { en: `unknown condition (WMO code ${code})`, zh: `未知天气（WMO 代码 ${code}）` };
  return (CONDITIONS[code] ?? unknown)[language];
}

/** The whole table. */
export function conditionCodes(): typeof CONDITIONS {
  return CONDITIONS;
}
