import { filter, firstValueFrom, map, type SchedulerLike, Subscription, timeout } from 'rxjs';
import type { EpochMs, Millis } from '../core/units.js';
import type { SharedClock } from '../time/sharedClock.js';
import type { Bus } from './bus.js';
import { CLOCK_REQUEST, CLOCK_RESPONSE, packed, unpacked } from './groupMessages.js';
import type { RunSubjects } from './subjects.js';

/** One question about the time of another machine. */
export interface ClockExchange {
  /** When it was sent and when the response arrived, by the own clock. */
  readonly sentAt: EpochMs;
  readonly receivedAt: EpochMs;
  /** The time of the other machine between them. */
  readonly at: EpochMs;
}

/** The difference between two clocks. */
export interface ClockOffset {
  /** The other clock minus the own one. */
  readonly offsetMs: Millis;
  /** The offset is at most this wrong: half of the time of the exchange. */
  readonly uncertaintyMs: Millis;
}

/** The offset by the shortest of several exchanges: it had the smallest delay on the way. */
export function bestOffset(exchanges: readonly [ClockExchange, ...ClockExchange[]]): ClockOffset {
  const duration = ({ sentAt, receivedAt }: ClockExchange): Millis => receivedAt - sentAt;
  const best = exchanges.reduce((a, b) => (duration(b) < duration(a) ? b : a));
  return { offsetMs: best.at - (best.sentAt + best.receivedAt) / 2, uncertaintyMs: duration(best) / 2 };
}

/** Exchanges before a run, and for each later measurement. */
const FIRST = 15;
const LATER = 5;
const RESPONSE_MS: Millis = 1000;
const PAUSE_MS: Millis = 3;
/** The offset is measured again so often. */
const MEASURE_EVERY_MS: Millis = 2000;
/** A changed offset is followed by steps of this length, so often: 0.5 ms per second. */
const STEP_MS: Millis = 0.05;
const STEP_EVERY_MS: Millis = 100;

/** Keeps a clock at the time of the coordinator of a run. */
export class ClockFollower {
  readonly #work = new Subscription();
  #id = 0;
  #measured: ClockOffset = { offsetMs: 0, uncertaintyMs: Number.POSITIVE_INFINITY };

  constructor(
    private readonly bus: Bus,
    private readonly subjects: RunSubjects,
    private readonly worker: string,
    private readonly clock: SharedClock,
    private readonly scheduler: SchedulerLike,
  ) {}

  /** The last measurement. */
  get measured(): ClockOffset {
    return this.#measured;
  }

  /** Measures the offset and sets the clock. Rejects when the coordinator does not respond. */
  async set(): Promise<ClockOffset> {
    this.#measured = await this.#measure(FIRST);
    this.clock.offset = this.#measured.offsetMs;
    return this.#measured;
  }

  /** Follows the drift until `stop`: the clock approaches each new offset slowly and never jumps. */
  follow(): void {
    const measure = async (): Promise<void> => {
      // Without a response, as during a restart of NATS, the clock goes on with the last offset.
      const measured = await this.#measure(LATER).catch(() => this.#measured);
      this.#measured = measured;
      if (!this.#work.closed) this.#work.add(this.scheduler.schedule(() => void measure(), MEASURE_EVERY_MS));
    };
    const { clock } = this;
    this.#work.add(this.scheduler.schedule(() => void measure(), MEASURE_EVERY_MS));
    const steps = (): void => {
      const { offsetMs, uncertaintyMs } = this.#measured;
      const apart = offsetMs - clock.offset;
      // Within its uncertainty a new offset is not better than the old one.
      if (Math.abs(apart) > uncertaintyMs) clock.offset += Math.sign(apart) * Math.min(STEP_MS, Math.abs(apart));
      if (!this.#work.closed) this.#work.add(this.scheduler.schedule(steps, STEP_EVERY_MS));
    };
    steps();
  }

  stop(): void {
    this.#work.unsubscribe();
  }

  async #measure(count: number): Promise<ClockOffset> {
    const first = await this.#exchange();
    const exchanges: [ClockExchange, ...ClockExchange[]] = [first];
    while (exchanges.length < count) {
      await new Promise<void>((resolve) => this.scheduler.schedule(() => resolve(), PAUSE_MS));
      exchanges.push(await this.#exchange());
    }
    return bestOffset(exchanges);
  }

  async #exchange(): Promise<ClockExchange> {
    const id = ++this.#id;
    const responses = this.bus.subscribe(this.subjects.clockOf(this.worker)).pipe(
      map(({ data }) => unpacked(data, CLOCK_RESPONSE)),
      filter((response) => response?.id === id),
      map((response) => ({ at: response?.at ?? 0, receivedAt: this.scheduler.now() })),
      timeout({ first: RESPONSE_MS, scheduler: this.scheduler }),
    );
    const response = firstValueFrom(responses);
    const sentAt = this.scheduler.now();
    this.bus.publish(this.subjects.clock, packed({ type: 'clock', worker: this.worker, id }));
    return { sentAt, ...(await response) };
  }
}

/** Responds to workers that ask for the time. */
export function serveClock(bus: Bus, subjects: RunSubjects, scheduler: SchedulerLike): Subscription {
  return bus.subscribe(subjects.clock).subscribe(({ data }) => {
    const request = unpacked(data, CLOCK_REQUEST);
    if (request === undefined) return;
    const { worker, id } = request;
    bus.publish(subjects.clockOf(worker), packed({ type: 'time', id, at: scheduler.now() }));
  });
}
