import { isLeft } from 'fp-ts/lib/Either.js';
import { defined } from '../core/defined.js';
import { ElpisError } from '../core/errors.js';
import type { EpochMs } from '../core/units.js';
import type { RunFacts } from '../engine/runEvent.js';
import { factsCodec } from './eventJson.js';
import { faultText } from './recordFault.js';
import { isObject, type JsonCodec, type JsonObject, oneOf, real, shape } from './shape.js';

/** The `type` of the first line of a record. */
const HEADER_TYPE = 'elpis-record';

/**
 * The version of records. A newer minor version has keys and events that an older reader leaves out; a newer major version cannot be
 * read by an older reader.
 */
const VERSION = { major: 1, minor: 0 } as const;

/** What a record states before its events. */
export interface RecordHeader {
  /** The version of its format, such as `1.0`. */
  readonly version: string;
  /** When the recording began, in epoch milliseconds of the run's clock. */
  readonly start: EpochMs;
  /** The seed of all random numbers of the run; absent when there was none. */
  readonly seed?: number;
  /** The config, the versions and the machine; absent for a run that was not made from a config. */
  readonly facts?: RunFacts;
}

/** The first line. */
export const headerCodec: JsonCodec<
  Omit<RecordHeader, 'version'> & { readonly type: typeof HEADER_TYPE; readonly major: number; readonly minor: number }
> = shape(
  'the header of a record',
  { type: oneOf(HEADER_TYPE), major: real, minor: real, start: real },
  { seed: real, facts: factsCodec },
);

/** The first line of a record. */
export function headerToJson({
  start,
  seed,
  facts,
}: {
  readonly start: EpochMs;
  readonly seed?: number | undefined;
  readonly facts?: RunFacts | undefined;
}): JsonObject {
  const written = headerCodec.encode({ type: HEADER_TYPE, ...VERSION, start, ...defined({ seed, facts }) });
  return isObject(written) ? written : {};
}

/**
 * The header from its JSON.
 *
 * @throws ElpisError `ELPIS_RECORD` for another value, and for a record of a newer major version.
 */
export function headerFromJson(json: unknown): RecordHeader {
  if (!isObject(json) || json.type !== HEADER_TYPE) {
    throw new ElpisError('ELPIS_RECORD', `expected the header of a record, {"type":"${HEADER_TYPE}", ...}`, {
      hint: 'pass a file that record or --record has written',
    });
  }
  const { major, minor } = json;
  if (typeof major === 'number' && major > VERSION.major) {
    throw new ElpisError(
      'ELPIS_RECORD',
      `the record has version ${major}.${String(minor)}, expected ${VERSION.major}.x`,
      {
        hint: 'a newer version of Elpis has written it: use that version to read it',
      },
    );
  }
  const read = headerCodec.decode(json);
  if (isLeft(read)) throw new ElpisError('ELPIS_RECORD', `header${faultText(read.left)}`);
  const { start, seed, facts } = read.right;
  return { version: `${read.right.major}.${read.right.minor}`, start, ...defined({ seed, facts }) };
}
