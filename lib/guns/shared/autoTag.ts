/**
 * The tag that a URL's path gives: everything up to its (`elements` + 1)-th slash, query left out. Rule of Pandora's
 * `auto-tag`.
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
