import type { OverflowPolicy } from '../../operators/overflowPolicy.js';
import type { Millis } from '../core/units.js';

function when(afterMs: Millis = 0): string {
  if (afterMs === 0) return 'due';
  return afterMs % 1000 === 0 ? `overdue by ${afterMs / 1000} s` : `overdue by ${afterMs} ms`;
}

/** What becomes of operations that are due while no instance is free, in a sentence. */
export function overflowText(overflow: OverflowPolicy): string {
  if (overflow.policy === 'queue') return 'every operation is shot, however late';
  if (overflow.policy === 'discard') return `operations ${when(overflow.afterMs)} are discarded`;
  if (overflow.policy === 'abort') return `an operation ${when(overflow.afterMs)} without a free instance ends the run`;
  return `an operation ${when(overflow.afterMs)} without a free instance starts another, up to ${overflow.maxInstances} in all`;
}
