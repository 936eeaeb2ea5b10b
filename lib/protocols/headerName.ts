const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const DASH = 45;
const isUpper = (code: number): boolean => code >= 65 && code <= 90;
const isLower = (code: number): boolean => code >= 97 && code <= 122;

/**
 * True when no part between dashes begins with a small letter or has a capital letter after the first: the usual case.
 */
function isCanonical(name: string): boolean {
  let first = true;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (first ? isLower(code) : isUpper(code)) return false;
    first = code === DASH;
  }
  return true;
}

const capitalised = (part: string): string => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase();

/**
 * The canonical form of a header name: `x-api-key` becomes `X-Api-Key`. A name with illegal characters is returned
 * unchanged (https://pkg.go.dev/net/textproto#CanonicalMIMEHeaderKey).
 */
export function canonicalName(name: string): string {
  if (isCanonical(name) || !TOKEN.test(name)) return name;
  return name.split('-').map(capitalised).join('-');
}
