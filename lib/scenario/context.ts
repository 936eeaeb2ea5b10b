import type { SchedulerLike } from 'rxjs';
import type { Log, Random, Share } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { Metric } from '../core/metric.js';
import type { Shot } from '../core/shot.js';
import type { EpochMs } from '../core/units.js';
import type { NetFailure } from '../protocols/netFailure.js';
import type { Transport } from '../protocols/transport.js';
import type { Cookies } from './cookies.js';
import type { PendingSample, SampleBuffer } from './sampleBuffer.js';
import { Span } from './spans.js';

/** The kinds of parts of a scenario that have a name. */
type Named = 'scenario' | 'group' | 'request';

/**
 * The tags of a scenario: names joined by slashes, such as `shop` for the scenario, `shop/checkout` for a group in it
 * and `shop/checkout/order` for a request in that. Each tag is that of one kind of part, so that rows of results never
 * mix.
 */
export class TagRegistry {
  readonly #kinds = new Map<string, Named>();

  /** @throws ElpisError `ELPIS_CONFIG` when the tag is already that of another part. */
  tag(parent: string, name: string, kind: Named): string {
    const tag = parent === '' ? name : `${parent}/${name}`;
    const known = this.#kinds.get(tag);
    if (known === undefined) this.#kinds.set(tag, kind);
    else if (known !== kind) {
      throw new ElpisError('ELPIS_CONFIG', `scenario: "${tag}" names a ${known} and a ${kind}`, {
        hint: 'give one of them another name, so that their samples can be distinguished',
      });
    }
    return tag;
  }
}

/** The state that an instance keeps from one run of a scenario to the next. */
export interface VirtualUser {
  readonly transport: Transport<unknown>;
  /** Undefined when cookies are off. */
  readonly cookies: Cookies | undefined;
  /** When each `pacing` was last passed. */
  readonly passed: Map<object, EpochMs>;
}

/** Receives the requests and pauses of a scenario; for tests and drawings. */
export interface ScenarioTracer {
  /** A request is sent. */
  requested(tag: string, request: unknown, at: EpochMs): void;
  /** A pause begins. `until` is its planned end. */
  paused(from: EpochMs, until: EpochMs): void;
}

/** The context that all steps of one run of a scenario share. */
export interface RunContext {
  readonly scheduler: SchedulerLike;
  readonly share: Share;
  /** Random numbers of this run alone, seeded by its index, so that they do not depend on other instances. */
  readonly random: Random;
  readonly user: VirtualUser;
  readonly shot: Shot<unknown>;
  readonly ammoId: number;
  readonly samples: SampleBuffer;
  readonly tags: TagRegistry;
  /** State that all instances of the pool share, by owner: the positions of feeders. */
  readonly shared: WeakMap<object, unknown>;
  /** Receives requests and pauses, for drawings. */
  readonly tracer: ScenarioTracer | undefined;
  /** Receives warnings. */
  readonly log: Log | undefined;
}

/**
 * The scenario or group that a session is in. It has the clock, the random numbers, the transport and the samples.
 */
export class StepScope {
  constructor(
    readonly run: RunContext,
    readonly span: Span,
  ) {}

  get scheduler(): SchedulerLike {
    return this.run.scheduler;
  }

  get random(): Random {
    return this.run.random;
  }

  get shot(): Shot<unknown> {
    return this.run.shot;
  }

  get samples(): SampleBuffer {
    return this.run.samples;
  }

  now(): EpochMs {
    return this.run.scheduler.now();
  }

  /** The tag of a part of this scope. */
  tag(name: string, kind: Named): string {
    return this.run.tags.tag(this.span.tag, name, kind);
  }

  /** The moments of a request or group that starts now and was intended for `due` (0: now). */
  start(due: EpochMs = 0): Shot<unknown> {
    const { index, instance, ammo } = this.run.shot;
    const started = this.now();
    return { index, instance, ammo, at: due > 0 ? Math.min(due, started) : started, started, slotWait: 0 };
  }

  /** The scope of a group in this scope. */
  inside(name: string, due: EpochMs): StepScope {
    const span = new Span(this.tag(name, 'group'), 'group', this.start(due), this.run.ammoId);
    return new StepScope(this.run, span);
  }

  /** Records a failure: in the sample of its request while that is open, otherwise in the scenario or group. */
  mark(failure: NetFailure, exchange: PendingSample | undefined): void {
    if (exchange?.fail(failure) !== true) this.span.mark(failure);
  }

  /**
   * Records a check or a metric: in the sample of its request while that is open, otherwise in that of the scenario or
   * group.
   */
  measure(metric: Metric, exchange: PendingSample | undefined): void {
    if (exchange?.measure(metric) !== true) this.span.measure(metric);
  }
}
