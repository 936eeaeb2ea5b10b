/** Names and values of RFC 7541, appendix A, in order: name, or name and value after a tab. Index 1 is the first. */
const ENTRIES = `:authority
:method	GET
:method	POST
:path	/
:path	/index.html
:scheme	http
:scheme	https
:status	200
:status	204
:status	206
:status	304
:status	400
:status	404
:status	500
accept-charset
accept-encoding	gzip, deflate
accept-language
accept-ranges
accept
access-control-allow-origin
age
allow
authorization
cache-control
content-disposition
content-encoding
content-language
content-length
content-location
content-range
content-type
cookie
date
etag
expect
expires
from
host
if-match
if-modified-since
if-none-match
if-range
if-unmodified-since
last-modified
link
location
max-forwards
proxy-authenticate
proxy-authorization
range
referer
refresh
retry-after
server
set-cookie
strict-transport-security
transfer-encoding
user-agent
vary
via
www-authenticate`;

/** A name and its value; values have a character per byte. */
export type Field = readonly [name: string, value: string];

/** The static table; the entry with index i is at i - 1. */
export const STATIC_TABLE: readonly Field[] = ENTRIES.split('\n').map((line) => {
  const [name = '', value = ''] = line.split('\t');
  return [name, value];
});

/** Of entries with the same name the first; a map keeps the last of equal keys. */
const NAME_INDEX = new Map(STATIC_TABLE.map(([name], i) => [name, i + 1] as const).reverse());
const FIELD_INDEX = new Map(STATIC_TABLE.map(([name, value], i) => [`${name}\t${value}`, i + 1] as const));

/** Index of the entry with that name and value, 0 when there is none. */
export function staticIndex(name: string, value: string): number {
  return FIELD_INDEX.get(`${name}\t${value}`) ?? 0;
}

/** Index of the first entry with that name, 0 when there is none. */
export function staticNameIndex(name: string): number {
  return NAME_INDEX.get(name) ?? 0;
}
