import type { Origin } from './origin.js';

/**
 * An origin as it stands in a URL, without the port that its scheme implies.
 *
 * @example
 * originText({ host: '::1', port: 8080, ssl: false, remember: false }); // 'http://[::1]:8080'
 */
export function originText({ host, port, ssl }: Origin): string {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const implied = port === (ssl ? 443 : 80);
  return `${ssl ? 'https' : 'http'}://${name}${implied ? '' : `:${port}`}`;
}
