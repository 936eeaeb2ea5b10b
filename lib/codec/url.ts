import type { Codec } from './codec.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

/** An absolute http or https address. */
export const url: Codec<URL> = scalar<URL>(
  { name: 'URL such as https://example.org/path', schema: { type: 'string', pattern: '^[hH][tT][tT][pP][sS]?:' } },
  (raw) => {
    if (raw instanceof URL) return { value: raw };
    const written = raw instanceof Substituted ? raw.text : raw;
    if (typeof written !== 'string') return { code: 'wrong-type' };
    const parsed = URL.canParse(written) ? new URL(written) : undefined;
    if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return { value: parsed };
    return { code: 'bad-url', hint: 'it begins with http:// or https://' };
  },
);
