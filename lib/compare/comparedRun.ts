import type { EpochMs, Millis } from '../core/units.js';
import type { AnnouncedPool, RunEvent } from '../engine/runEvent.js';
import { EMPTY_HISTOGRAM, type Histogram, mergeHistograms } from '../measure/histogram.js';
import { mergeWindows, type Window } from '../measure/window.js';
import { EMPTY_COUNTS, mergeCounts, type WindowCounts } from '../measure/windowCounts.js';
import { stagesOf } from '../view/planPosition.js';

/** The largest number of parts of a run. Parts of several seconds are nearly independent, also when neighbouring seconds are not. */
const MAX_BLOCKS = 30;
/** A pool with more stages is compared as a whole. */
const MAX_STAGES = 20;

/** The counts of a part of a run. */
export interface Block {
  readonly lengthMs: Millis;
  readonly ended: number;
  /** Of these, those that were bad or failed. */
  readonly wrong: number;
  readonly response: Histogram;
}

/** What is compared: all operations of a pool or those of a tag, in the whole run or in a stage. */
export interface Subject {
  readonly pool: string;
  /** Absent for all operations. */
  readonly tag?: string;
  /** The number of the stage, from 1; absent for the whole run. */
  readonly stage?: number;
}

/** The blocks of a subject in one run. */
export interface SubjectBlocks {
  readonly subject: Subject;
  readonly blocks: readonly Block[];
}

/** So many windows of a pool are kept. The record of a day has 86,400. */
const MAX_WINDOWS = 1200;

/** A window, and how many windows of the run it is made of. */
interface KeptWindow {
  readonly window: Window;
  readonly parts: number;
}

/**
 * The windows of a pool in bounded memory: when there are more than 1200, each is merged with its neighbour, and later ones likewise, so that
 * all have the same length. Windows of two stages are never merged.
 */
export class KeptWindows {
  #kept: KeptWindow[] = [];
  #parts = 1;

  /** @param stageEnds The ends of the stages of the plan, since the start. */
  constructor(readonly stageEnds: readonly Millis[] = []) {}

  add(window: Window): void {
    this.#append({ window, parts: 1 });
    while (this.#kept.length > MAX_WINDOWS) this.#merge();
  }

  /** In the order of their times. */
  get windows(): readonly Window[] {
    return this.#kept.map(({ window }) => window);
  }

  #merge(): void {
    this.#parts *= 2;
    const all = this.#kept;
    this.#kept = [];
    for (const each of all) this.#append(each);
  }

  #append({ window, parts }: KeptWindow): void {
    const last = this.#kept.at(-1);
    if (last === undefined || last.parts + parts > this.#parts || !this.#isOneStage(last.window.from, window.to)) {
      this.#kept.push({ window, parts });
      return;
    }
    this.#kept[this.#kept.length - 1] = { window: mergeWindows(last.window, window), parts: last.parts + parts };
  }

  #isOneStage(from: EpochMs, to: EpochMs): boolean {
    const start = this.#kept[0]?.window.from ?? from;
    return !this.stageEnds.some((end) => start + end > from + 1 && start + end < to - 1);
  }
}

function stageEndsOf({ plan }: AnnouncedPool): readonly Millis[] {
  const stages = plan === undefined ? [] : stagesOf(plan);
  if (stages.length < 2 || stages.length > MAX_STAGES) return [];
  return stages.map(({ toMs }) => toMs);
}

/** Collects the windows of a run. */
export class ComparedRun {
  readonly #pools = new Map<string, KeptWindows>();

  add(event: RunEvent): void {
    if (event.type === 'run-started') {
      for (const pool of event.pools) this.#pools.set(pool.id, new KeptWindows(stageEndsOf(pool)));
    } else if (event.type === 'window') {
      const pool = this.#pools.get(event.pool) ?? new KeptWindows();
      this.#pools.set(event.pool, pool);
      pool.add(event.window);
    }
  }

  /** The subjects of the run, with their blocks. */
  get subjects(): readonly SubjectBlocks[] {
    return [...this.#pools].flatMap(([pool, { windows, stageEnds }]) => {
      const start = windows[0]?.from ?? 0;
      const whole = subjectsIn({ pool }, windows);
      const stages = stageEnds.flatMap((end, i) => {
        const from = stageEnds[i - 1] ?? 0;
        // A window over the border of two stages belongs to none.
        const within = windows.filter((window) => window.from - start >= from - 1 && window.to - start <= end + 1);
        return subjectsIn({ pool, stage: i + 1 }, within);
      });
      return [...whole, ...stages];
    });
  }
}

/** The total and each tag in some windows. */
function subjectsIn(subject: Subject, windows: readonly Window[]): readonly SubjectBlocks[] {
  if (windows.length === 0) return [];
  const blocks = inBlocks(windows);
  const tags = new Set(windows.flatMap(({ tags: rows }) => [...rows.keys()]));
  const of = (countsOf: (window: Window) => WindowCounts | undefined): readonly Block[] =>
    blocks.map((block) => blockOf(block, countsOf));
  const total = { subject, blocks: of(({ total: counts }) => counts) };
  // With one tag, its row is the total.
  const rows = tags.size < 2 ? [] : [...tags].sort();
  return [
    total,
    ...rows.map((tag) => ({ subject: { ...subject, tag }, blocks: of(({ tags: found }) => found.get(tag)) })),
  ];
}

function inBlocks(windows: readonly Window[]): readonly (readonly Window[])[] {
  const count = Math.min(MAX_BLOCKS, windows.length);
  return Array.from({ length: count }, (_, i) =>
    windows.slice(Math.floor((i * windows.length) / count), Math.floor(((i + 1) * windows.length) / count)),
  );
}

function blockOf(windows: readonly Window[], countsOf: (window: Window) => WindowCounts | undefined): Block {
  const counts = windows.map((window) => countsOf(window) ?? EMPTY_COUNTS).reduce(mergeCounts, EMPTY_COUNTS);
  const from: EpochMs = windows[0]?.from ?? 0;
  const { ended, bad, failed, response } = counts;
  return { lengthMs: (windows.at(-1)?.to ?? from) - from, ended, wrong: bad + failed, response };
}

/** All blocks as one. */
export function sumOf(blocks: readonly Block[]): Block {
  return blocks.reduce(
    (a, b) => ({
      lengthMs: a.lengthMs + b.lengthMs,
      ended: a.ended + b.ended,
      wrong: a.wrong + b.wrong,
      response: mergeHistograms(a.response, b.response),
    }),
    { lengthMs: 0, ended: 0, wrong: 0, response: EMPTY_HISTOGRAM },
  );
}
