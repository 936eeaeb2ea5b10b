import type { EpochMs, Millis } from '../lib/core/units.js';

/** A stretch of plan time that runs at one speed, up to where the next one begins. */
interface Stretch {
  /** Where it begins, in plan time and in real time. */
  readonly plan: EpochMs;
  real: EpochMs;
  /** Plan milliseconds per real millisecond. */
  readonly speed: number;
}

/**
 * The time that a plan lives in: real time that can be paused and hurried. Every moment is computed from the last change
 * alone, so errors don't add up. What was due before a change keeps its real moment; a pause shifts what was due before
 * it, too: who was waiting is not made to have waited longer.
 *
 * It keeps one entry for every change of speed that an operation is still waiting from.
 */
export class PlanTime {
  #stretches: Stretch[] = [{ plan: 0, real: 0, speed: 1 }];
  #pausedAt: EpochMs | undefined;

  get paused(): boolean {
    return this.#pausedAt !== undefined;
  }

  get speed(): number {
    return this.#last.speed;
  }

  get #last(): Stretch {
    return this.#stretches.at(-1) as Stretch;
  }

  /** The moment of the plan at a real moment, which must not be before the last change. */
  planAt(real: EpochMs): EpochMs {
    const { plan, real: since, speed } = this.#last;
    return plan + ((this.#pausedAt ?? real) - since) * speed;
  }

  /** The real moment of a moment of the plan; during a pause, as if it were over. */
  realAt(plan: EpochMs): EpochMs {
    let i = this.#stretches.length - 1;
    while (i > 0 && (this.#stretches[i] as Stretch).plan > plan) i--;
    const stretch = this.#stretches[i] as Stretch;
    return stretch.real + (plan - stretch.plan) / stretch.speed;
  }

  pause(now: EpochMs): void {
    this.#pausedAt ??= now;
  }

  resume(now: EpochMs): void {
    if (this.#pausedAt === undefined) return;
    const gap: Millis = now - this.#pausedAt;
    for (const stretch of this.#stretches) stretch.real += gap;
    this.#pausedAt = undefined;
  }

  scale(now: EpochMs, factor: number): void {
    const next = { plan: this.planAt(now), real: this.#pausedAt ?? now, speed: this.#last.speed * factor };
    if (this.#stretches.length > 1 && this.#last.plan === next.plan) this.#stretches.pop();
    this.#stretches.push(next);
  }

  /** Nobody will ask for moments of the plan before this one any more. */
  forgetBefore(plan: EpochMs): void {
    while (this.#stretches.length > 1 && (this.#stretches[1] as Stretch).plan <= plan) this.#stretches.shift();
  }
}
