import type { Units } from '../weather-provider.ts';

const KMH_PER_MS = 3.6;
const MM_PER_INCH = 25.4;

/** OpenWeather's metric wind is in m/s. */
export function toSpeed(value: number, units: Units): number {
  return units === 'metric' ? roundTo(value * KMH_PER_MS, 1) : value;
}

/** Its precipitation is in mm whatever the units. */
export function toPrecipitation(millimetres: number, units: Units): number {
  return units === 'metric' ? roundTo(millimetres, 2) : roundTo(millimetres / MM_PER_INCH, 3);
}

export function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
