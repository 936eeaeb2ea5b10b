import { defer, filter, map, type OperatorFunction, take, tap } from 'rxjs';
import { A_FUNCTION, checkArgument } from '../../lib/core/argument.js';
import { ElpisError } from '../../lib/core/errors.js';
import { mergeWindows, type Window } from '../../lib/measure/window.js';
import type { WindowCounts } from '../../lib/measure/windowCounts.js';

/** The result of a condition that holds. */
export interface StopReason {
  /** The judged window: one, or several in a row merged into one. */
  readonly window: Window;
  /** The text that the condition returned; `the condition holds` when it returned only `true`. */
  readonly reason: string;
}

/** Judges a window: `true` or a text (the reason) means that the condition holds; `false` or an empty text that it does not. */
export type WindowCondition = (window: Window) => boolean | string;

/** Options of {@link whenWindow}. */
export interface WhenWindowOptions {
  /** The number of windows in a row that are merged and judged. Default 1. */
  readonly windows?: number;
  /**
   * Called at the end with the tags that the condition used and of which no window had a sample: probably a typing
   * error. Also called when the condition held for another reason. At most 100 tags are kept.
   */
  readonly onMissingTags?: ((tags: readonly string[]) => void) | undefined;
}

const MAX_MISSING_TAGS = 100;

/** The tags of a window. It records the requested tags that it does not have. */
class AskedTags extends Map<string, WindowCounts> {
  constructor(
    counts: ReadonlyMap<string, WindowCounts>,
    private readonly missing: Set<string>,
  ) {
    super(counts);
  }

  override get(tag: string): WindowCounts | undefined {
    this.#ask(tag);
    return super.get(tag);
  }

  override has(tag: string): boolean {
    this.#ask(tag);
    return super.has(tag);
  }

  #ask(tag: string): void {
    if (!super.has(tag) && this.missing.size < MAX_MISSING_TAGS) this.missing.add(tag);
  }
}

/** Calls a condition with windows, and records the tags that it used and no window had. */
class Judge {
  readonly #missing = new Set<string>();
  readonly #found = new Set<string>();

  constructor(private readonly condition: WindowCondition) {}

  /** @returns undefined when the condition does not hold. */
  judge(windows: readonly Window[]): StopReason | undefined {
    const window = windows.reduce(mergeWindows);
    const { tags, groups, scenarios } = window;
    const asked = (counts: ReadonlyMap<string, WindowCounts>) => new AskedTags(counts, this.#missing);
    const answer = this.condition({
      ...window,
      tags: asked(tags),
      groups: asked(groups),
      scenarios: asked(scenarios),
    });
    for (const tag of this.#missing) {
      if (!tags.has(tag) && !groups.has(tag) && !scenarios.has(tag)) continue;
      this.#found.add(tag);
    }
    if (answer === true) return { window, reason: 'the condition holds' };
    return answer === false || answer === '' ? undefined : { window, reason: answer };
  }

  /** The tags that the condition used and no window had. */
  get missing(): readonly string[] {
    return [...this.#missing].filter((tag) => !this.#found.has(tag));
  }
}

/**
 * Waits until a condition holds over windows, emits the reason once and completes: a notifier for `takeUntil` or for
 * a drain.
 *
 * ```text
 * windows (p99)                       20--30--280-260-270-...
 * whenWindow(p99 > 250)               --------(r|)
 * whenWindow(p99 > 250, windows: 2)   ------------(r|)            judges two windows in a row as one
 * ```
 *
 * - The condition is called at each window with the last `windows` windows merged into one; not before there are that
 *   many. `true` or a text means that it holds; the text is the reason.
 * - A partial window is not judged, and windows are not merged across it: the count starts again.
 * - Completes without a value when the windows complete first; their error passes through. An exception of the condition is
 *   an error.
 * - Unsubscribes from the windows when the condition holds. Keeps at most the last `windows` windows.
 *
 * @param condition Called with each window that is judged.
 * @param options The number of windows, and the callback for tags that do not appear.
 * @see `first` of RxJS, which judges one value at a time.
 * @throws ElpisError `ELPIS_CONFIG` when `windows` is not a whole number above 0.
 *
 * @example
 * declare const windows: Observable<Window>;
 * const drain = windows.pipe(
 *   whenWindow((window) => percentile(window, 99) > 250 && 'p99 is over 250 ms', { windows: 10 }),
 *   map(() => 5000),
 * );
 * const fire = shoot(http({ target: 'localhost:8080' }), { drain });
 */
export function whenWindow(
  condition: WindowCondition,
  options: WhenWindowOptions = {},
): OperatorFunction<Window, StopReason> {
  checkArgument('whenWindow', 'condition', condition, A_FUNCTION);
  const { windows: wanted = 1, onMissingTags } = options;
  if (!(Number.isInteger(wanted) && wanted > 0)) {
    const hint = 'give the number of windows in a row that are judged together';
    throw new ElpisError('ELPIS_CONFIG', `whenWindow: windows is ${wanted}, expected a whole number above 0`, { hint });
  }
  return (windows) =>
    defer(() => {
      const last: Window[] = [];
      const judge = new Judge(condition);
      const complete = (): void => {
        const { missing } = judge;
        if (missing.length > 0) onMissingTags?.(missing);
      };
      return windows.pipe(
        map((window) => {
          if (window.partial) last.length = 0;
          else if (last.push(window) > wanted) last.shift();
          return last.length === wanted ? judge.judge(last) : undefined;
        }),
        filter((reason) => reason !== undefined),
        take(1),
        tap({ complete }),
      );
    });
}
