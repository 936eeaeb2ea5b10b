import type { DataSource } from '../../core/data.js';
import type { Log } from '../../core/deps.js';
import type { Share } from '../../core/share.js';
import type { BatchDecoder } from './batchDecoder.js';
import type { Row } from './row.js';

/** How ammo is read: from where, how often, and which of it. */
export interface ReadingOptions<R extends Row> {
  readonly source: DataSource;
  /** A new decoder for each pass. */
  readonly decoder: () => BatchDecoder<R>;
  /** How many rows; 0 for no limit. Counted before `chosenCases` are chosen, but after it with `preload`. */
  readonly limit: number;
  /** How many times the source is read; 0 for endlessly. */
  readonly passes: number;
  /** Only rows with one of these tags; all when empty. */
  readonly chosenCases: readonly string[];
  /** Decode everything before the first row is handed out, and keep it. */
  readonly preload: boolean;
  /** True when a single pass over an empty source is a clean end, not an error. */
  readonly emptyPassAllowed: boolean;
  /** Which stripe of the rows; all other rows are for other processes. */
  readonly share: Share;
  readonly log: Log;
}
