import type { LogKind } from '../../../view/runLog.js';
import type { Selected } from './selection.js';
import { stagesIn } from './stages.js';

/** A moment that all charts over time mark: the begin of a stage, or a command, a remark, a violated threshold, a stop. */
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

/** The colours of marks. */
export type MarkColours = Readonly<Record<'muted' | 'blue' | 'violet' | 'red', string>>;

/** The marks of the selected pools, in the order of time. */
export function marksOf(selected: Selected, palette: MarkColours): readonly Mark[] {
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
