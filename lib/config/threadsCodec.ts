import { availableParallelism } from 'node:os';
import type { Codec } from '../codec/codec.js';
import { integer } from '../codec/integer.js';
import { scalar } from '../codec/scalar.js';
import { Substituted } from '../codec/substituted.js';

const MOST = 256;

/** A number of threads from 1 to 256, or `auto` for one per processor that this process may use. */
export const threadsCodec: Codec<number> = scalar<number>(
  {
    name: `a number of threads from 1 to ${MOST}, or auto`,
    schema: { anyOf: [{ type: 'number', minimum: 1, maximum: MOST }, { const: 'auto' }] },
  },
  (raw) => {
    const written = raw instanceof Substituted ? raw.text : raw;
    if (written === 'auto') return { value: Math.min(MOST, availableParallelism()) };
    const decoded = integer.decode(raw);
    if (decoded._tag === 'Left') return { code: 'wrong-type' };
    const threads = decoded.right;
    if (threads < 1) return { code: 'min' };
    return threads > MOST ? { code: 'max' } : { value: threads };
  },
);
