import { atLeast } from '../../codec/bounds.js';
import { flag, integer } from '../../codec/scalars.js';
import { optional, type StructOf, struct } from '../../codec/struct.js';
import { isHttpAmmo } from '../../protocols/http.js';

/**
 * The tag of a URL by its path: everything up to the (`elements` + 1)-th slash, without the query. The rule of `auto-tag` of Pandora.
 *
 * @param path Decoded path of the URL.
 * @example
 * autoTag('/my/very/deep/page', 2); // '/my/very'
 */
export function autoTag(path: string, elements: number): string {
  let at = -1;
  for (let slashes = 0; slashes <= elements; slashes++) {
    at = path.indexOf('/', at + 1);
    if (at < 0) return path;
  }
  return path.slice(0, at);
}

/** Options of tagging by the path of the request. */
export const autoTagConfig = struct('auto-tag', {
  /** Tag samples by the path of the URL. */
  enabled: optional(flag, false, 'tag samples by the path of the URL'),
  /** How many elements of the path form the tag. */
  uriElements: optional(atLeast(integer, 1), 2, 'how many elements of the path form the tag'),
  /** Only ammo without a tag; otherwise the path is added after |. */
  noTagOnly: optional(flag, true, 'only ammo without a tag; otherwise the path is added after |'),
});

/** Decoded form of {@link autoTagConfig}. */
export type AutoTagConfig = StructOf<typeof autoTagConfig.fields>;

/** The tag of a sample without another tag. */
export const EMPTY_TAG = '__EMPTY__';

/**
 * The tag of a shot's sample.
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
  return `${ammoTag}|${made}`;
}

/** The tag of the sample of a shot with any kind of ammo: by the rule for HTTP ammo, else the ammo's own. */
export function tagBy(rule: AutoTagConfig): (ammo: unknown) => string {
  return (ammo) => {
    if (isHttpAmmo(ammo)) return sampleTag(rule, ammo.tag, ammo.request.path);
    const { tag } = Object(ammo) as { readonly tag?: unknown };
    return typeof tag === 'string' ? tag : '';
  };
}
