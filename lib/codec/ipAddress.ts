import { isIP } from 'node:net';
import type { Codec } from './codec.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

/** An IPv4 or IPv6 address, without a port and without brackets. */
export const ipAddress: Codec<string> = scalar<string>(
  { name: 'IP address such as 127.0.0.1 or ::1', schema: { type: 'string', pattern: '^[0-9a-fA-F:.]+(%.*)?$' } },
  (raw) => {
    const written = raw instanceof Substituted ? raw.text : raw;
    if (typeof written !== 'string') return { code: 'wrong-type' };
    if (isIP(written) !== 0) return { value: written };
    return written.startsWith('[') ? { code: 'bad-ip', hint: 'leave out the brackets' } : { code: 'bad-ip' };
  },
);
