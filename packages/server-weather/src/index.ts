// The public surface of this package. Every name here is a promise; add one only on purpose.

export { cachedProvider } from './cached-provider.ts';
export type { WeatherToolOptions } from './weather-tools.ts';
export type { WeatherApi } from './weather-api.ts';
export { createWeatherApi } from './weather-api.ts';
export type { OpenMeteoOptions } from './open-meteo/provider.ts';
export { createOpenMeteo } from './open-meteo/provider.ts';
export type { OpenWeatherOptions } from './openweather/provider.ts';
export { createOpenWeather } from './openweather/provider.ts';
export { createServer } from './server.ts';
export type { Language, Place } from './places/place.ts';
export type { CurrentWeather, DayForecast, Units, WeatherProvider } from './weather-provider.ts';
