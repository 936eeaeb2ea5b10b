import type { ClosedLoop } from './peer.js';

/** The address of a closed loop. */
export function urlOf({ tls, port, path }: ClosedLoop): string {
  return `${tls ? 'https' : 'http'}://127.0.0.1:${port}${path}`;
}
