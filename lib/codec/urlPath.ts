import type { Codec } from './codec.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

const UNSENDABLE = /[\0-\x20\x7f#]/;

/** The path (and query) part of a URL, from its first slash: `/health?full=1`. No blanks and no fragment. */
export const urlPath: Codec<string> = scalar<string>(
  { name: 'path such as /index.html', schema: { type: 'string', pattern: '^/' } },
  (raw) => {
    const written = raw instanceof Substituted ? raw.text : raw;
    if (typeof written !== 'string') return { code: 'wrong-type' };
    if (!written.startsWith('/')) return { code: 'bad-url', hint: 'it begins with a slash, without scheme and host' };
    return UNSENDABLE.test(written)
      ? { code: 'bad-url', hint: 'write a blank as %20; leave out what follows #' }
      : { value: written };
  },
);
