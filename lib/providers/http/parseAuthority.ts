import { percentDecoded } from './percentDecoded.js';

const USER = /^[\dA-Za-z\-._:~!$&'()*+,;=%@]*$/;
const BAD_ESCAPE = /%(?![\da-f]{2})/i;
const BAD_IN_HOST = /[\0-\x20/\\^`{|}?#@\x7f]/;
/** In a host only bytes outside ASCII may be escaped, and the percent sign itself. */
const ASCII_ESCAPE = /%(?!25)[0-7]/;
const PORT = /^(:\d*)?$/;

/** The host of an authority, or what is wrong with it. */
export type Authority = { readonly host: string } | { readonly problem: string };

function hostOf(host: string): Authority {
  const bracket = host.lastIndexOf(']');
  const colon = host.lastIndexOf(':');
  let port = colon < 0 ? '' : host.slice(colon);
  let name = host;
  let zone = '';
  if (host.startsWith('[')) {
    if (bracket < 0) return { problem: 'a bracket is not closed' };
    port = host.slice(bracket + 1);
    const percent = host.slice(0, bracket).indexOf('%25');
    if (percent >= 0) [name, zone] = [host.slice(0, percent) + host.slice(bracket), host.slice(percent, bracket)];
  }
  if (!PORT.test(port)) return { problem: `bad port ${JSON.stringify(port.replace(/^:/, ''))}` };
  if (BAD_ESCAPE.test(host) || ASCII_ESCAPE.test(name)) return { problem: 'bad %XX in the host' };
  const bad = BAD_IN_HOST.exec(name + zone);
  if (bad !== null) return { problem: `${JSON.stringify(bad[0])} in the host` };
  return { host: percentDecoded(host).toString() };
}

/**
 * Reads the authority of a URL, `[user[:password]@]host[:port]`; the user is dropped. Rules of
 * https://pkg.go.dev/net/url#Parse.
 */
export function parseAuthority(authority: string): Authority {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(0, at));
  if (!USER.test(user) || BAD_ESCAPE.test(user)) return { problem: 'bad user in the URL' };
  return hostOf(authority.slice(at + 1));
}
