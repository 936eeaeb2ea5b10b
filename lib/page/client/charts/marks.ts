import type uPlot from 'uplot';
import type { LogKind } from '../../../view/runLog.js';
import { stagesIn } from '../data/stages.js';
import type { Selected } from '../data/selection.js';
import type { Palette } from './palette.js';

/** A moment that all charts over time mark: the begin of a stage, or what somebody or a rule has done. */
export interface Mark {
  /** Seconds since the start of the run. */
  readonly x: number;
  readonly text: string;
  readonly kind: 'stage' | 'event';
  readonly colour: string;
}

/** The kinds of lines of the log that charts mark. Warnings are often many, and concern no moment. */
const MARKED: Partial<Record<LogKind, 'blue' | 'violet' | 'red'>> = {
  ...{ command: 'blue', remark: 'violet', threshold: 'red', stopped: 'red' },
};
/** More stages than this are a slope, not steps. */
const MAX_STAGES = 20;

/** The marks of the selected pools, in the order of time. */
export function marksOf(selected: Selected, palette: Palette): readonly Mark[] {
  const { model, pools, startedAt, selection } = selected;
  const stages = pools.flatMap((pool) => {
    if (pool.stages.length > MAX_STAGES) return [];
    return stagesIn(model, pool, undefined)
      .slice(1)
      .map(({ fromMs, name }): Mark => ({ x: fromMs / 1000, text: name, kind: 'stage', colour: palette.muted }));
  });
  const events = model.view.log.flatMap(({ at, kind, text, pool }): readonly Mark[] => {
    const colour = MARKED[kind];
    const elsewhere = pool !== undefined && selection.pool !== undefined && pool !== selection.pool;
    if (colour === undefined || elsewhere) return [];
    return [{ x: (at - startedAt) / 1000, text, kind: 'event', colour: palette[colour] }];
  });
  return [...stages, ...events].sort((a, b) => a.x - b.x);
}

/** Draws marks over the whole height: stages as thin lines, events with a flag at the top. */
export function paintMarks({ ctx, bbox, valToPos }: uPlot, marks: readonly Mark[], ratio: number): void {
  ctx.save();
  ctx.lineWidth = ratio;
  for (const { x, kind, colour } of marks) {
    const left = Math.round(valToPos(x, 'x', true));
    if (left < bbox.left || left > bbox.left + bbox.width) continue;
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.globalAlpha = kind === 'stage' ? 0.45 : 0.8;
    ctx.setLineDash(kind === 'stage' ? [] : [3 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(left, bbox.top);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.stroke();
    if (kind === 'stage') continue;
    const size = 5 * ratio;
    ctx.beginPath();
    ctx.moveTo(left, bbox.top);
    ctx.lineTo(left + size, bbox.top + size / 2);
    ctx.lineTo(left, bbox.top + size);
    ctx.fill();
  }
  ctx.restore();
}

/** The text of the mark nearest to a place of the cursor, within some pixels; `undefined` when there is none. */
export function markNear({ valToPos, cursor }: uPlot, marks: readonly Mark[]): string | undefined {
  const { left = -1 } = cursor;
  const near = marks.filter(({ x }) => Math.abs(valToPos(x, 'x') - left) <= NEAR_PX);
  return near.length === 0 ? undefined : near.map(({ text }) => text).join(', ');
}

const NEAR_PX = 5;
