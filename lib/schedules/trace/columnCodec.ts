import type { Codec } from '../../codec/codec.js';
import { scalar } from '../../codec/scalar.js';
import { Substituted } from '../../codec/substituted.js';

/** The number of a column, from 1, or its name. A name made of digits only can't be told from a number. */
export const columnCodec: Codec<number | string> = scalar<number | string>(
  { name: 'the number of a column, from 1, or its name', schema: { type: ['integer', 'string'] } },
  (raw) => {
    const written = raw instanceof Substituted ? raw.text : raw;
    const column = typeof written === 'string' && /^\d+$/.test(written) ? Number(written) : written;
    if (typeof column === 'string' && column !== '') return { value: column };
    if (typeof column !== 'number' || !Number.isInteger(column)) return { code: 'wrong-type' };
    return column >= 1 ? { value: column } : { code: 'min' };
  },
);
