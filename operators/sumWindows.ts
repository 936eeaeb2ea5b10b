import type { Window } from './window.js';
import { WindowTags } from './windowTags.js';

/** One window with all that several have counted; it spans from the first start to the last end. */
export function sumWindows(windows: readonly [Window, ...Window[]]): Window {
  let { startsAt, endsAt, partial, tagLimit } = windows[0];
  for (const window of windows) {
    startsAt = Math.min(startsAt, window.startsAt);
    endsAt = Math.max(endsAt, window.endsAt);
    partial ||= window.partial;
    tagLimit = Math.max(tagLimit, window.tagLimit);
  }
  const tags = new WindowTags(tagLimit);
  for (const window of windows) tags.absorb(window);
  return tags.close(startsAt, endsAt, partial);
}
