import type * as t from 'io-ts';
import { durationText } from '../../codec/durationText.js';
import { isMap } from '../../codec/isMap.js';

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** A decoded default as it would be written; undefined when it can't be, or when keys inside tell it. */
export function writtenDefault(codec: t.Mixed, value: unknown): unknown {
  if (typeof value === 'number' && codec.name.startsWith('duration')) return durationText(value);
  if (isScalar(value)) return value;
  if (Array.isArray(value) && value.every(isScalar)) return value as unknown[];
  return isMap(value) && value.kind === 'sink' ? value.name : undefined;
}
