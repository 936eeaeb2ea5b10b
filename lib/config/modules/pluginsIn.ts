import { isLeft } from 'fp-ts/lib/Either.js';
import { foldKey } from '../../codec/foldKey.js';
import { isMap } from '../../codec/isMap.js';
import { listOf } from '../../codec/listOf.js';
import { text } from '../../codec/text.js';

/** The user's modules that a config names; what is wrong with that list is found when all is decoded. */
export function pluginsIn(value: unknown): readonly string[] {
  const key = isMap(value) ? Object.keys(value).find((candidate) => foldKey(candidate) === 'plugins') : undefined;
  const decoded = listOf(text).decode(key === undefined ? [] : (value as Record<string, unknown>)[key]);
  return isLeft(decoded) ? [] : decoded.right;
}
