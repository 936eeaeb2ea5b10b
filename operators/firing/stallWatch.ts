import { type SchedulerLike, Subscription } from 'rxjs';
import type { Log } from '../../lib/core/deps.js';
import type { EpochMs, Millis } from '../../lib/core/units.js';
import type { InstancePool } from './instancePool.js';
import type { Instance } from './instances.js';

/** A shot that has neither emitted a sample nor completed for this long is stalled. */
const STALLED_AFTER_MS: Millis = 30_000;

/**
 * The largest number of warnings. The pause between two of them doubles, so the last is after more than eight hours.
 */
const WARNINGS = 10;

const seconds = (ms: Millis): string => `${Math.round(ms / 100) / 10} s`;
const shots = (count: number): string => (count === 1 ? '1 shot' : `${count} shots`);
const samples = (count: number): string => (count === 1 ? '1 sample' : count === 0 ? 'no sample' : `${count} samples`);

/** The state of an instance at the last check. */
interface Seen {
  readonly started: EpochMs;
  readonly samples: number;
}

/**
 * Warns when a {@link shoot} makes no progress: all shots under way are stalled, and no other can start because no instance is
 * free or there are no further shots. The usual cause is a gun whose stream never completes. It checks the instances every 30 s
 * while shots are under way, without a cost per shot.
 */
export class StallWatch<A, S> {
  #timer = Subscription.EMPTY;
  #armed = false;
  #seen = new Map<Instance<A, S>, Seen>();
  #warnings = 0;
  #pauseMs = STALLED_AFTER_MS;
  #checkedAt: EpochMs = 0;

  /** @param lastShots True when there are no further shots. */
  constructor(
    private readonly instances: InstancePool<A, S>,
    private readonly scheduler: SchedulerLike,
    private readonly log: Log,
    private readonly lastShots: () => boolean,
  ) {}

  /** A shot has started. */
  arm(): void {
    if (!this.#armed) this.#wait(STALLED_AFTER_MS);
  }

  #wait(ms: Millis): void {
    this.#armed = true;
    this.#checkedAt = this.scheduler.now();
    this.#timer = this.scheduler.schedule(() => this.#check(), ms);
  }

  #check(): void {
    const before = this.#seen;
    this.#seen = new Map();
    let stalled = 0;
    for (const instance of this.instances.all) {
      const { shot, samples } = instance;
      if (shot === undefined) continue;
      const seen = before.get(instance);
      if (seen?.started === shot.started && seen.samples === samples) stalled++;
      this.#seen.set(instance, { started: shot.started, samples });
    }
    this.#armed = this.#seen.size > 0;
    if (!this.#armed) return;
    const hangs = stalled === this.#seen.size && (this.instances.free === 0 || this.lastShots());
    if (!hangs) {
      this.#wait(STALLED_AFTER_MS);
      return;
    }
    this.#warn(`${this.#count} made no progress for ${seconds(this.scheduler.now() - this.#checkedAt)}`);
    this.#pauseMs *= 2;
    this.#warnings++;
    if (this.#warnings < WARNINGS) this.#wait(this.#pauseMs);
  }

  /** Warns about the shots that are about to be aborted at their time limit. */
  warnOfLimit(limitMs: Millis): void {
    if (this.instances.busy > 0) this.#warn(`${this.#count} did not end within ${seconds(limitMs)} of the drain`);
  }

  get #count(): string {
    return shots(this.instances.busy);
  }

  #warn(what: string): void {
    const now = this.scheduler.now();
    const [oldest] = this.instances.all
      .filter(({ shot }) => shot !== undefined)
      .sort((a, b) => (a.shot?.started ?? 0) - (b.shot?.started ?? 0));
    if (oldest?.shot === undefined) return;
    const { name, id, shot } = oldest;
    const ageMs = now - shot.started;
    this.log.warn(
      `${what}: ${name} emitted ${samples(oldest.samples)} and did not complete; its shot has been under way for ${seconds(ageMs)}`,
      { instance: id, samples: oldest.samples, startedAt: shot.started, ageMs, shots: this.instances.busy },
    );
  }

  close(): void {
    this.#armed = true;
    this.#timer.unsubscribe();
    this.#seen.clear();
  }
}
