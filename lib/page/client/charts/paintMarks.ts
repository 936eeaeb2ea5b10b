import type uPlot from 'uplot';
import type { Mark } from '../data/marks.js';

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
