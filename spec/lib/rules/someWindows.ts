import type { TimedSample } from '../../../lib/core/sample.js';
import type { Window } from '../../../lib/measure/window.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { timed } from '../../operators/timed.js';

/** A window of one second, the n-th of a run, with these samples. */
export function second(n: number, samples: readonly TimedSample[], planned = samples.length): Window {
  const recorder = new WindowRecorder({ from: 1000 * n, tagLimit: 100 });
  for (const sample of samples) recorder.record(sample);
  return { ...recorder.close(1000 * (n + 1), { planned, started: samples.length }), partial: false };
}

/**
 * A drawing of windows: a number per second is the time of its ten operations in ms, `.` is a second without any, and `|` after a number
 * makes its window partial.
 */
export function drawnWindows(drawing: string): readonly Window[] {
  return drawing
    .trim()
    .split(/\s+/)
    .map((text, n) => {
      const ms = Number(text.replace('|', ''));
      const samples = text === '.' ? [] : Array.from({ length: 10 }, () => timed(ms, { tag: 'a' }));
      return { ...second(n, samples), partial: text.endsWith('|') };
    });
}
