import { ElpisError } from '../core/errors.js';
import { bucketIndex, EMPTY_HISTOGRAM, type Histogram, lowestOfBucket } from './histogram.js';
import { fromBase64, packed, toBase64, unpacked } from './packing.js';

/** A {@link Histogram} as JSON. `hdr` is HdrHistogram's V2 compressed format in base64, in µs with 3 significant digits. */
export interface HistogramJson {
  /** The exact sum, smallest and largest value in µs, which the format of the buckets does not keep. */
  readonly sumUs: number;
  readonly minUs: number;
  readonly maxUs: number;
  /** Absent for 0. */
  readonly clamped?: number;
  readonly hdr: string;
}

/** The cookie of the format: its low bits are the size of a word, where 1 means counts of variable length. */
const COOKIE = 0x1c849303;
const COMPRESSED_COOKIE = 0x1c849304;
const VARIABLE = 0x10;
/** Cookie, length, offset, digits, lowest and highest value, ratio. */
const HEADER_BYTES = 40;
/** Cookie and length. */
const COMPRESSED_HEADER_BYTES = 8;
/** The lowest value is 1 µs and there are 3 digits, as in every histogram of this project. */
const MIN_US = 1;
const DIGITS = 3;
/** The largest size of a count, or of a run of zeros, below 2^53. */
const MAX_VARINT_BYTES = 8;

/** ZigZag LEB128: 7 bits a byte, the lowest first; the sign is the lowest bit. */
function putNumber(into: Uint8Array, at: number, value: number): number {
  let left = value < 0 ? -2 * value - 1 : 2 * value;
  let end = at;
  while (left >= 128) {
    into[end++] = (left % 128) + 128;
    left = Math.floor(left / 128);
  }
  into[end++] = left;
  return end;
}

/** The counts of all buckets up to the last one; a run of empty buckets is its negative length. */
function putCounts(into: Uint8Array, buckets: Float64Array): number {
  let at = HEADER_BYTES;
  let next = 0;
  for (let i = 0; i < buckets.length; i += 2) {
    const index = bucketIndex(buckets[i] as number);
    const empty = index - next;
    if (empty > 0) at = putNumber(into, at, empty === 1 ? 0 : -empty);
    at = putNumber(into, at, buckets[i + 1] as number);
    next = index + 1;
  }
  return at;
}

/** A histogram as JSON. `null` is the histogram of no values. */
export function histogramToJson({ count, sumUs, minUs, maxUs, clamped, buckets }: Histogram): HistogramJson | null {
  if (count === 0) return null;
  const plain = new Uint8Array(HEADER_BYTES + buckets.length * MAX_VARINT_BYTES);
  const end = putCounts(plain, buckets);
  const header = new DataView(plain.buffer);
  header.setInt32(0, COOKIE | VARIABLE);
  header.setInt32(4, end - HEADER_BYTES);
  header.setInt32(12, DIGITS);
  header.setBigInt64(16, BigInt(MIN_US));
  header.setBigInt64(24, BigInt(Math.max(2, maxUs)));
  header.setFloat64(32, 1);
  const body = packed(plain.subarray(0, end));
  const whole = new Uint8Array(COMPRESSED_HEADER_BYTES + body.length);
  whole.set(body, COMPRESSED_HEADER_BYTES);
  const head = new DataView(whole.buffer);
  head.setInt32(0, COMPRESSED_COOKIE | VARIABLE);
  head.setInt32(4, body.length);
  return { sumUs, minUs, maxUs, ...(clamped === 0 ? {} : { clamped }), hdr: toBase64(whole) };
}

function refuse(found: string, expected: string): never {
  throw new ElpisError('ELPIS_CONFIG', `histogram: found ${found}, expected ${expected}`, {
    hint: 'read only histograms that this program has written',
  });
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** The bytes of a base64 text; none for another text. */
function bytesOf(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    return new Uint8Array();
  }
}

function plainOf(body: Uint8Array, format: string): Uint8Array {
  try {
    return unpacked(body);
  } catch {
    return refuse('damaged contents', format);
  }
}

function bucketsOf(plain: Uint8Array): Float64Array {
  // A count takes at least one byte.
  const buckets = new Float64Array(2 * (plain.length - HEADER_BYTES));
  let length = 0;
  let index = 0;
  let at = HEADER_BYTES;
  while (at < plain.length) {
    let value = 0;
    let unit = 1;
    let byte = 128;
    while (byte >= 128 && at < plain.length) {
      byte = plain[at++] as number;
      value += (byte % 128) * unit;
      unit *= 128;
    }
    if (value % 2 === 1) index += (value + 1) / 2;
    else if (value === 0) index++;
    else {
      buckets[length++] = lowestOfBucket(index++);
      buckets[length++] = value / 2;
    }
  }
  return buckets.slice(0, length);
}

/**
 * The histogram from its JSON.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a text in another format, or a histogram of another precision.
 */
export function histogramFromJson(json: HistogramJson | null): Histogram {
  if (json === null) return EMPTY_HISTOGRAM;
  const { sumUs, minUs, maxUs, clamped = 0, hdr } = json;
  const bytes = bytesOf(hdr);
  const format = "HdrHistogram's V2 compressed format in base64";
  if (bytes.length < COMPRESSED_HEADER_BYTES || viewOf(bytes).getInt32(0) !== (COMPRESSED_COOKIE | VARIABLE))
    refuse(`"${hdr.slice(0, 20)}"`, format);
  const plain = plainOf(bytes.subarray(COMPRESSED_HEADER_BYTES), format);
  const header = viewOf(plain);
  if (plain.length < HEADER_BYTES || header.getInt32(0) !== (COOKIE | VARIABLE)) refuse('other contents', format);
  const [digits, lowest] = [header.getInt32(12), Number(header.getBigInt64(16))];
  if (digits !== DIGITS || lowest !== MIN_US) {
    const of = (d: number, l: number): string => `${d} significant digits and a lowest value of ${l}`;
    refuse(of(digits, lowest), of(DIGITS, MIN_US));
  }
  const buckets = bucketsOf(plain);
  let count = 0;
  for (let i = 1; i < buckets.length; i += 2) count += buckets[i] as number;
  return { count, sumUs, minUs, maxUs, clamped, buckets };
}
