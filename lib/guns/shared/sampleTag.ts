import { autoTag } from './autoTag.js';
import type { AutoTagConfig } from './autoTagConfig.js';

/** The tag of a sample that has no other. */
export const EMPTY_TAG = '__EMPTY__';

/**
 * The tag under which a shot is recorded.
 *
 * @param ammoTag Tag of the ammo, empty when it has none.
 * @param path Decoded path of the request.
 * @example
 * sampleTag({ enabled: true, uriElements: 2, noTagOnly: false }, 'T', '/1/2/3'); // 'T|/1/2'
 */
export function sampleTag(rule: AutoTagConfig, ammoTag: string, path: string): string {
  if (!rule.enabled || (rule.noTagOnly && ammoTag !== '')) return ammoTag === '' ? EMPTY_TAG : ammoTag;
  const made = autoTag(path, rule.uriElements);
  if (ammoTag === '') return made === '' ? EMPTY_TAG : made;
  return made === '' ? ammoTag : `${ammoTag}|${made}`;
}
