import type { Bytes } from '../core/units.js';
import type { Codec } from './issue.js';
import { parseInteger, scalar } from './scalars.js';

const SIZE = /^(\d+)\s*(?:([kmgtpe]?)b?)\s*$/i;
const POWERS = 'kmgtpe';
const SCHEMA = {
  type: ['number', 'string'],
  minimum: 0,
  pattern: '^(\\d+\\s*[kKmMgGtTpPeE]?[bB]?\\s*)?$',
};
const TOO_LARGE = 2n ** 64n;

const about = { name: 'a size such as 8mb', schema: SCHEMA, encode: (bytes: Bytes): number | string => bytes };

/**
 * A number of bytes: `8mb`, `512k`, `128`, in powers of 1024. Empty text is 0; a bare number is bytes. Exact below 2^53.
 */
export const byteSize: Codec<Bytes, number | string> = scalar(about, (raw, referenced) => {
  const number = referenced ? parseInteger(String(raw)) : raw;
  if (typeof number === 'number' && Number.isFinite(number))
    return number < 0 ? { code: 'negative-number' } : { value: Math.trunc(number) };
  if (typeof raw !== 'string') return { code: 'wrong-type' };
  if (raw === '') return { value: 0 };
  const match = SIZE.exec(raw);
  if (match === null) return { code: 'bad-size', hint: 'a whole number and a unit: b, kb, mb, gb, tb, pb, eb' };
  const power = POWERS.indexOf((match[2] as string).toLowerCase() || ' ') + 1;
  const bytes = BigInt(match[1] as string) * 1024n ** BigInt(power);
  return bytes < TOO_LARGE ? { value: Number(bytes) } : { code: 'bad-size', hint: 'the number is too large' };
});
