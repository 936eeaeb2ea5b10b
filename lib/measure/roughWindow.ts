import { withPhases } from './connectionCounts.js';
import { bucketWidth, type Histogram } from './histogram.js';
import type { Window } from './window.js';
import type { WindowCounts } from './windowCounts.js';

/** The power of two of the number of groups of buckets for each power of two: 64 groups, each of one µs at 64 µs. */
const GROUP_MAGNITUDE = 6;

/**
 * The same histogram with fewer buckets: a value is counted up to 1.6 % above its true value, so percentiles never look better than they
 * are. Number, sum, minimum and maximum stay exact. Rough histograms add up exactly, like all others.
 */
export function roughHistogram(histogram: Histogram): Histogram {
  const { buckets } = histogram;
  const rough = new Float64Array(buckets.length);
  let length = 0;
  for (let i = 0; i < buckets.length; i += 2) {
    const lowest = buckets[i] as number;
    const magnitude = Math.max(0, 31 - GROUP_MAGNITUDE - Math.clz32(lowest));
    // The last bucket of the group, so that its upper end is that of the group.
    const last = ((lowest >>> magnitude) + 1) * (1 << magnitude) - bucketWidth(lowest);
    if (length > 0 && rough[length - 2] === last) {
      rough[length - 1] = (rough[length - 1] as number) + (buckets[i + 1] as number);
    } else {
      rough[length++] = last;
      rough[length++] = buckets[i + 1] as number;
    }
  }
  return { ...histogram, buckets: rough.slice(0, length) };
}

const roughCounts = (counts: WindowCounts): WindowCounts => ({
  ...counts,
  response: roughHistogram(counts.response),
  service: roughHistogram(counts.service),
});

type CountsByTag = ReadonlyMap<string, WindowCounts>;

const roughTags = (tags: CountsByTag): CountsByTag =>
  tags.size === 0 ? tags : new Map([...tags].map(([tag, counts]) => [tag, roughCounts(counts)]));

/** The same window with rough histograms, see {@link roughHistogram}: for keeping many windows. All counts stay exact. */
export function roughWindow(window: Window): Window {
  return {
    ...window,
    total: roughCounts(window.total),
    tags: roughTags(window.tags),
    groups: roughTags(window.groups),
    scenarios: roughTags(window.scenarios),
    slotWait: roughHistogram(window.slotWait),
    lateness: roughHistogram(window.lateness),
    loop: { ...window.loop, delay: roughHistogram(window.loop.delay) },
    connections: withPhases(window.connections, roughHistogram),
  };
}
