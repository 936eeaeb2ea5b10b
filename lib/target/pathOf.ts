/**
 * The path of a request target: without the query, and without the scheme and authority of the absolute form that
 * proxies are sent (RFC 9112, 3.2.2).
 *
 * @example
 * pathOf('/a/b?c=d'); // '/a/b'
 */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  if (path.startsWith('/')) return path;
  return path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '') || '/';
}
