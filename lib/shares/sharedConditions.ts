import { Subject } from 'rxjs';
import { withContext } from '../core/errorContext.js';
import type { ElpisError } from '../core/errors.js';
import type { PoolCondition } from '../engine/conditions.js';
import type { Window } from '../measure/window.js';
import { MergedWindows } from './mergedWindows.js';
import type { FromShare } from './protocol.js';

/** Receives the results of the conditions. */
export interface ConditionOutcomes {
  /** Called when the condition holds, once for each condition. */
  stopped(condition: PoolCondition, reason: string, source: 'unsubscribe' | 'drain'): void;
  /** Called when the samples of all shares have ended and the condition named tags that none of them had. */
  missingTags(condition: PoolCondition, tags: readonly string[]): void;
  /** Called when the condition, or a function that it calls, has thrown. */
  failed(error: ElpisError): void;
}

/** A condition, and the windows that it judges. */
interface Judged {
  readonly condition: PoolCondition;
  readonly merged: MergedWindows;
  readonly windows: Subject<Window>;
}

/** The conditions of a run (see `stopWhen`), which judge the windows of all shares, merged. */
export class SharedConditions {
  readonly #judged: readonly Judged[];

  constructor(conditions: readonly PoolCondition[], shares: number, outcomes: ConditionOutcomes) {
    this.#judged = conditions.map((condition) => {
      const { pool, name, operator } = condition;
      const windows = new Subject<Window>();
      const judge = operator.judging({
        stopped: ({ reason }, source) => outcomes.stopped(condition, reason, source),
        missingTags: (tags) => outcomes.missingTags(condition, tags),
      });
      const otherwise = { code: 'ELPIS_OPERATOR', what: `operator "${name}" of samples failed` } as const;
      const context = { pool, component: { kind: 'operator', name } };
      windows.pipe(judge).subscribe({ error: (error) => outcomes.failed(withContext(error, context, otherwise)) });
      return { condition, merged: new MergedWindows(shares), windows };
    });
  }

  /** Adds a window of a share, and judges those that are complete then. */
  add(share: number, { pool, position, window }: Extract<FromShare, { type: 'condition' }>): void {
    const judged = this.#judged.find(({ condition }) => condition.pool === pool && condition.position === position);
    if (judged === undefined) return;
    if (window === undefined) this.#end(judged, share);
    else for (const complete of judged.merged.add(share, window)) judged.windows.next(complete.window);
  }

  /** There is one more share. */
  grow(): void {
    for (const { merged } of this.#judged) merged.grow();
  }

  /** Records that the share has ended and sends no more windows. */
  end(share: number): void {
    for (const judged of this.#judged) this.#end(judged, share);
  }

  #end({ merged, windows }: Judged, share: number): void {
    for (const { window } of merged.end(share)) windows.next(window);
    if (merged.ended) windows.complete();
  }
}
