import type { Command } from '../../operators/ticks/command.js';
import type { Plan } from '../core/plan.js';
import type { EpochMs, Millis, PerSecond } from '../core/units.js';

/** A part of a plan. */
export interface Stage {
  /** Its begin and its end in plan time, from the begin of the plan. */
  readonly fromMs: Millis;
  readonly toMs: Millis;
  /** The planned rate at its begin and its end; `Infinity` while unlimited. */
  readonly fromPerSecond: PerSecond;
  readonly toPerSecond: PerSecond;
}

const stagePlans = (plan: Plan): readonly Plan[] =>
  (plan.stages ?? plan.parts)?.flatMap((part) => stagePlans(part)) ?? [plan];

/** The parts of a plan, in order; a plan that was changed as a whole, such as stretched, has one. A part without length, which is a burst of operations, is left out. */
export function stagesOf(plan: Plan): readonly Stage[] {
  const stages: Stage[] = [];
  let fromNs = 0;
  for (const leaf of stagePlans(plan)) {
    if (leaf.durationNs <= 0) continue;
    const toNs = fromNs + leaf.durationNs;
    stages.push({
      ...{ fromMs: fromNs / 1e6, toMs: toNs / 1e6 },
      ...{ fromPerSecond: leaf.rateAt(0), toPerSecond: leaf.rateAt(leaf.durationNs - 1) },
    });
    fromNs = toNs;
  }
  return stages;
}

/**
 * Where a pool is in its plan, as its commands move it. Plan time stops from `pause` to `resume`, and runs `speed`
 * times as fast as real time.
 */
export class PlanPosition {
  #at: EpochMs | undefined;
  #planMs: Millis = 0;
  #paused = false;
  #speed = 1;
  #stopped = false;
  #steady: { readonly perSecond: PerSecond; readonly speed: number } | undefined;

  get paused(): boolean {
    return this.#paused;
  }

  /** The product of all `scale` commands. */
  get speed(): number {
    return this.#speed;
  }

  /** The rate of the last `rate` command, with the `scale` commands after it; undefined while the plan sets the rate. */
  get steadyPerSecond(): PerSecond | undefined {
    return this.#steady === undefined ? undefined : (this.#steady.perSecond * this.#speed) / this.#steady.speed;
  }

  /** True after a `stop` command. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** The pool starts. */
  start(at: EpochMs): void {
    this.#at = at;
  }

  /** The moment of the plan, from its begin; 0 before the start. */
  planMsAt(at: EpochMs): Millis {
    if (this.#at === undefined) return 0;
    return this.#planMs + (this.#paused ? 0 : Math.max(0, at - this.#at) * this.#speed);
  }

  /** The rate of one copy of the plan at a moment; `null` without a plan. */
  rateAt(plan: Plan | undefined, at: EpochMs): PerSecond | null {
    if (this.#paused || this.#stopped) return 0;
    const planNs = this.planMsAt(at) * 1e6;
    if (plan === undefined) return this.steadyPerSecond ?? null;
    if (planNs >= plan.durationNs) return 0;
    return this.steadyPerSecond ?? plan.rateAt(planNs) * this.#speed;
  }

  command(command: Command, at: EpochMs): void {
    this.#planMs = this.planMsAt(at);
    if (this.#at !== undefined) this.#at = at;
    if (command.type === 'pause') this.#paused = true;
    else if (command.type === 'resume') this.#paused = false;
    else if (command.type === 'scale') this.#speed *= command.factor;
    else if (command.type === 'rate') this.#steady = { perSecond: command.perSecond, speed: this.#speed };
    else {
      this.#stopped = true;
      this.#paused = false;
    }
  }
}
