const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const KNOWN_LIMIT = 4096;
const known = new Map<string, string>();

function canonical(name: string): string {
  if (!TOKEN.test(name)) return name;
  return name.toLowerCase().replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

/**
 * The canonical form of a header name: `x-api-key` becomes `X-Api-Key`. A name with characters that are illegal in one is
 * kept as it is (https://pkg.go.dev/net/textproto#CanonicalMIMEHeaderKey).
 */
export function canonicalName(name: string): string {
  const found = known.get(name);
  if (found !== undefined) return found;
  const made = canonical(name);
  if (known.size < KNOWN_LIMIT) known.set(name, made);
  return made;
}
