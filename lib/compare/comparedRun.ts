import type { EpochMs, Millis } from '../core/units.js';
import type { AnnouncedPool, RunEvent } from '../engine/runEvent.js';
import { EMPTY_HISTOGRAM, type Histogram, mergeHistograms } from '../measure/histogram.js';
import type { Window } from '../measure/window.js';
import { stagesOf } from '../view/planPosition.js';
import { EMPTY_COUNTS, mergeCounts, type WindowCounts } from '../measure/windowCounts.js';

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

interface PoolWindows {
  readonly windows: Window[];
  /** The ends of the stages of its plan, since the start. */
  readonly stageEnds: readonly Millis[];
}

function stageEndsOf({ plan }: AnnouncedPool): readonly Millis[] {
  const stages = plan === undefined ? [] : stagesOf(plan);
  if (stages.length < 2 || stages.length > MAX_STAGES) return [];
  return stages.map(({ toMs }) => toMs);
}

/** Collects the windows of a run. */
export class ComparedRun {
  readonly #pools = new Map<string, PoolWindows>();

  add(event: RunEvent): void {
    if (event.type === 'run-started') {
      for (const pool of event.pools) this.#pools.set(pool.id, { windows: [], stageEnds: stageEndsOf(pool) });
    } else if (event.type === 'window') {
      const pool = this.#pools.get(event.pool) ?? { windows: [], stageEnds: [] };
      this.#pools.set(event.pool, pool);
      pool.windows.push(event.window);
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
