import type { SampleScope } from '../core/sample.js';
import type { PerSecond } from '../core/units.js';
import { countsOf, type Window } from '../measure/window.js';
import type { WindowCounts } from '../measure/windowCounts.js';
import { type Spread, spreadOf } from './point.js';
import type { Timeline } from './timeline.js';

/** A row of a table by tag. */
export interface TagRow {
  /** Empty for operations without a tag. */
  readonly tag: string;
  /** Empty for requests; otherwise the tag spans requests of other tags. */
  readonly scope: SampleScope;
  readonly counts: WindowCounts;
  /** Ended operations per second of the window; `null` for a window without length. */
  readonly perSecond: PerSecond | null;
  /** The part of the ended operations that is bad or failed, from 0 to 1; `null` when none ended. */
  readonly errors: number | null;
  readonly response: Spread | null;
  readonly service: Spread | null;
}

/** The row of a tag in a window. */
export function tagRow(tag: string, scope: SampleScope, counts: WindowCounts, { from, to }: Window): TagRow {
  return {
    ...{ tag, scope, counts },
    perSecond: to > from ? (counts.ended * 1000) / (to - from) : null,
    errors: counts.ended > 0 ? (counts.bad + counts.failed) / counts.ended : null,
    response: spreadOf(counts.response),
    service: spreadOf(counts.service),
  };
}

/** The rows of a window: scenarios, groups, then requests; within them in descending order of ended operations, then by tag. */
export function tagRows(window: Window): readonly TagRow[] {
  const rows = (tags: ReadonlyMap<string, WindowCounts>, scope: SampleScope): TagRow[] =>
    [...tags]
      .map(([tag, counts]) => tagRow(tag, scope, counts, window))
      .sort((a, b) => b.counts.ended - a.counts.ended || (a.tag < b.tag ? -1 : 1));
  return [...rows(window.scenarios, 'scenario'), ...rows(window.groups, 'group'), ...rows(window.tags, '')];
}

/**
 * A number of a tag in each of the last slots, oldest first; `null` where the tag is absent.
 *
 * @param of The number, such as `(counts) => counts.ended`.
 */
export function tagHistory(
  { slots }: Timeline,
  tag: string,
  length: number,
  of: (counts: WindowCounts, window: Window) => number,
): readonly (number | null)[] {
  return slots.slice(-length).map(({ window }) => {
    const counts = countsOf(window, tag);
    return counts === undefined ? null : of(counts, window);
  });
}
