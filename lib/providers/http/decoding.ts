import type { Bytes } from '../../core/units.js';
import type { Troubles } from '../reading/troubles.js';
import type { Header } from './header.js';

/** What a decoder of HTTP ammo is told. */
export interface Decoding {
  /** Name of the source, for messages. */
  readonly name: string;
  /** The headers of the config. */
  readonly headers: readonly Header[];
  /** Longest item; 0 for no limit. */
  readonly maxSize: Bytes;
  readonly troubles: Troubles;
}
