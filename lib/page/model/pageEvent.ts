import type { EpochMs } from '../../core/units.js';
import type { RunEvent } from '../../engine/runEvent.js';
import type { Window } from '../../measure/window.js';

/**
 * What a page receives: the events of a run, where the windows of a past time may be rough and merged, and then the exact sum of all windows
 * of a pool until then, which replaces that of the rough ones.
 */
export type PageEvent =
  | RunEvent
  | { readonly type: 'total'; readonly pool: string; readonly at: EpochMs; readonly window: Window };
