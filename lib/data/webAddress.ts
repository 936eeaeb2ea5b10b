import type { Codec } from '../codec/codec.js';
import { scalar } from '../codec/scalar.js';
import { Substituted } from '../codec/substituted.js';

/** An absolute http or https URL. */
export const webAddress: Codec<string> = scalar(
  {
    name: 'an address such as https://example.org/ammo.uri',
    schema: { type: 'string', pattern: '^[hH][tT][tT][pP][sS]?:' },
  },
  (raw) => {
    const url = raw instanceof Substituted ? raw.text : raw;
    if (typeof url !== 'string') return { code: 'wrong-type' };
    const right = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
    return right ? { value: url } : { code: 'bad-url', hint: 'it starts with http:// or https://' };
  },
);
