import type { PoolView } from '../../../view/poolView.js';
import type { PageModel } from '../../model/pageModel.js';
import { number } from './format.js';
import type { Range } from './selection.js';

/** A stage of a plan, as it was played. */
export interface PlayedStage {
  readonly name: string;
  /** Milliseconds since the start of the run. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The rates of a stage as a name, such as `10 → 50/s`. */
export function stageName(from: number, to: number): string {
  if (from === Number.POSITIVE_INFINITY) return 'unlimited';
  const near = Math.abs(from - to) <= 0.005 * Math.max(from, to);
  return near ? `${number(to)}/s` : `${number(from)} → ${number(to)}/s`;
}

/**
 * The stages of a pool that have begun, in the time of the run. A pause moves what follows it, and another speed stretches it: the moments
 * are those at which the plan was there.
 */
export function stagesIn(model: PageModel, pool: PoolView, range: Range | undefined): readonly PlayedStage[] {
  const { startedAt, now } = model.view;
  if (startedAt === undefined || pool.startedAt === undefined) return [];
  const begin = pool.startedAt - startedAt;
  const reached = (planMs: number): number => {
    const points = model.planned(pool.id);
    let [at, plan] = [begin, 0];
    for (const point of points) {
      const moment = point.at - startedAt;
      if (point.planMs >= planMs) {
        const part = point.planMs === plan ? 0 : (planMs - plan) / (point.planMs - plan);
        return at + Math.max(0, part) * (moment - at);
      }
      [at, plan] = [moment, point.planMs];
    }
    return at + (planMs - plan);
  };
  const end = (pool.finishedAt ?? now) - startedAt;
  return pool.stages.flatMap(({ fromMs, toMs, fromPerSecond, toPerSecond }, i) => {
    const last = i === pool.stages.length - 1;
    const [from, to] = [reached(fromMs), last ? Math.max(end, reached(fromMs)) : Math.min(end, reached(toMs))];
    const played = {
      name: `${i + 1}. ${stageName(fromPerSecond, toPerSecond)}`,
      fromMs: Math.max(from, range?.fromMs ?? 0),
      toMs: Math.min(to, range?.toMs ?? to),
    };
    return played.toMs > played.fromMs ? [played] : [];
  });
}
