import type { KeyDescription } from '../config/describeComponents.js';

const UNITS: readonly (readonly [ns: number, unit: string])[] = [
  [3600e9, 'h'],
  [60e9, 'm'],
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'us'],
];

function duration(ns: number): string {
  const [size, unit] = UNITS.find(([candidate]) => ns >= candidate && ns % candidate === 0) ?? [1, 'ns'];
  return ns === 0 ? '0s' : `${ns / size}${unit}`;
}

/** A default value as it would be written in a config; empty when there is none or it can't be written. */
export function showDefault({ type, default: value }: KeyDescription): string {
  if (value === undefined) return '';
  if (typeof value === 'number' && type.startsWith('duration')) return duration(value);
  if (value instanceof RegExp) return value.source;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if ('name' in value && 'create' in value) return String(value.name);
  return JSON.stringify(value);
}
