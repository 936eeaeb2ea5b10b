import type { SchedulerLike } from 'rxjs';
import type { Random } from '../../core/deps.js';
import type { Share } from '../../core/share.js';
import type { Shot } from '../../core/shot.js';
import type { EpochMs } from '../../core/units.js';
import type { NetFailure } from '../../protocols/netFailure.js';
import type { OpenExchange } from './openExchange.js';
import type { Ledger } from './ledger.js';
import type { Named, TagBook } from './tagBook.js';
import type { Visitor } from './visitor.js';
import type { Watch } from './watch.js';
import { Whole } from './whole.js';

/** What a whole run of a scenario has in common. */
export interface Production {
  readonly scheduler: SchedulerLike;
  readonly share: Share;
  /** Of this run alone, seeded by its index: chance does not depend on what other instances do. */
  readonly random: Random;
  readonly visitor: Visitor;
  readonly shot: Shot<unknown>;
  readonly ammoId: number;
  readonly ledger: Ledger;
  readonly tags: TagBook;
  /** State that all instances of the pool share, by its owner: the positions of feeders. */
  readonly shared: WeakMap<object, unknown>;
  /** Told what happens, for drawings. */
  readonly watch: Watch | undefined;
}

/** Where a session plays: the scenario or a group in it. Steps find the clock, chance, the transport and the samples here. */
export class Stage {
  constructor(
    readonly production: Production,
    readonly whole: Whole,
  ) {}

  get scheduler(): SchedulerLike {
    return this.production.scheduler;
  }

  get random(): Random {
    return this.production.random;
  }

  get shot(): Shot<unknown> {
    return this.production.shot;
  }

  get ledger(): Ledger {
    return this.production.ledger;
  }

  now(): EpochMs {
    return this.production.scheduler.now();
  }

  /** The tag of something in here. */
  tag(name: string, kind: Named): string {
    return this.production.tags.tag(this.whole.tag, name, kind);
  }

  /** The moments of something that starts now and was meant for `due` (0: for now). */
  start(due: EpochMs = 0): Shot<unknown> {
    const { index, instance, ammo } = this.production.shot;
    const started = this.now();
    return { index, instance, ammo, at: due > 0 ? Math.min(due, started) : started, started, slotWait: 0 };
  }

  /** The stage of a group in here. */
  inside(name: string, due: EpochMs): Stage {
    const whole = new Whole(this.tag(name, 'group'), 'group', this.start(due), this.production.ammoId);
    return new Stage(this.production, whole);
  }

  /** Notes a failure: with the request that it is about while that is open, else with the scenario or group. */
  mark(failure: NetFailure, exchange: OpenExchange | undefined): void {
    if (exchange?.mark(failure) !== true) this.whole.mark(failure);
  }
}
