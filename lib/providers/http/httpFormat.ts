import type { BatchDecoder } from '../reading/batchDecoder.js';
import type { Decoding } from './decoding.js';
import { HttpJsonDecoder } from './httpJsonDecoder.js';
import type { HttpRow } from './httpRow.js';
import { RawDecoder } from './rawDecoder.js';
import { UriDecoder } from './uriDecoder.js';
import { UripostDecoder } from './uripostDecoder.js';

/** Name of a format of HTTP ammo, as the `decoder` option spells it. */
export type HttpFormat = 'uri' | 'uripost' | 'raw' | 'jsonline';

/** A decoder for one pass over each format. */
export const HTTP_FORMATS: Readonly<Record<HttpFormat, (decoding: Decoding) => BatchDecoder<HttpRow>>> = {
  uri: (decoding) => new UriDecoder(decoding),
  uripost: (decoding) => new UripostDecoder(decoding),
  raw: (decoding) => new RawDecoder(decoding),
  jsonline: (decoding) => new HttpJsonDecoder(decoding),
};
