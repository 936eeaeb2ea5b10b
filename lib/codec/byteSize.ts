import type { Bytes } from '../core/units.js';
import type { Codec } from './codec.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

const SIZE = /^(\d+) *([kmgtpe]?)b?$/i;
const POWERS = 'kmgtpe';

/** A number of bytes: `8mb`, `512k`, `128`, in powers of 1024. Empty text is 0; a bare number is bytes. */
export const byteSize: Codec<Bytes> = scalar<Bytes>('size such as 8mb', (raw) => {
  if (typeof raw === 'number' && Number.isFinite(raw))
    return raw < 0 ? { code: 'negative-number' } : { value: Math.trunc(raw) };
  const written = raw instanceof Substituted ? raw.text : raw;
  if (typeof written !== 'string') return { code: 'wrong-type' };
  if (written === '') return { value: 0 };
  const match = SIZE.exec(written);
  if (match === null) return { code: 'bad-size', hint: 'units are b, kb, mb, gb, tb' };
  const unit = (match[2] as string).toLowerCase();
  const bytes = Number(match[1]) * 1024 ** (unit === '' ? 0 : POWERS.indexOf(unit) + 1);
  return bytes <= Number.MAX_SAFE_INTEGER ? { value: bytes } : { code: 'bad-size', hint: 'the number is too large' };
});
