import type { Nanos } from '../core/units.js';

const UNITS: readonly (readonly [ns: number, unit: string])[] = [
  [3600e9, 'h'],
  [60e9, 'm'],
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'us'],
];

/** A length of time as it would be written in a config. @example durationText(90e9) // '90s' */
export function durationText(ns: Nanos): string {
  const [size, unit] = UNITS.find(([candidate]) => ns >= candidate && ns % candidate === 0) ?? [1, 'ns'];
  return ns === 0 ? '0s' : `${ns / size}${unit}`;
}
