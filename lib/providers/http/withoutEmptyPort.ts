/** `host:` without the colon that no port follows; the colons of an IPv6 address are left alone. */
export function withoutEmptyPort(host: string): string {
  return host.endsWith(':') && host.lastIndexOf(':') > host.lastIndexOf(']') ? host.slice(0, -1) : host;
}
