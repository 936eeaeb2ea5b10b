import { BehaviorSubject, type Observable, ReplaySubject } from 'rxjs';
import { type Command, command } from '../../../operators/ticks/command.js';
import { ElpisError } from '../../core/errors.js';
import type { Playback, RunHandle } from '../../engine/runHandle.js';

/** The slowest and the fastest speed that commands lead to. */
const [SLOWEST, FASTEST] = [0.1, 10_000];

/**
 * The handle of a recorded run that is played: its observers steer the playing, and not the run, which is over. `pause`, `resume` and `scale`
 * do with the time of the record what they do with the plan of a run.
 */
export class PlaybackHandle implements RunHandle {
  readonly steerable = true;
  readonly #playback: BehaviorSubject<Playback>;
  readonly #stopped = new ReplaySubject<void>(1);

  /** @param speed How many times as fast as the run; above 0. */
  constructor(speed: number) {
    this.#playback = new BehaviorSubject<Playback>({ speed, paused: false });
  }

  get playback(): Observable<Playback> {
    return this.#playback;
  }

  /** Emits when the playing should end. */
  get stopped(): Observable<void> {
    return this.#stopped;
  }

  /** @throws ElpisError `ELPIS_CONTROL` for an invalid command, and for a rate: what was shot is recorded. */
  command(wanted: Command): void {
    const valid = command.check(wanted);
    const { value } = this.#playback;
    if (valid.type === 'stop') this.stop();
    else if (valid.type === 'pause') this.#playback.next({ ...value, paused: true });
    else if (valid.type === 'resume') this.#playback.next({ ...value, paused: false });
    else if (valid.type === 'scale') {
      const speed = Math.min(FASTEST, Math.max(SLOWEST, value.speed * valid.factor));
      this.#playback.next({ ...value, speed });
    } else {
      const hint = 'pause, resume and scale change how it is played';
      throw new ElpisError('ELPIS_CONTROL', 'the rate of a recorded run cannot be changed', { hint });
    }
  }

  stop(): void {
    this.#stopped.next();
  }

  /** @throws ElpisError `ELPIS_CONTROL` always: a record that is played is not written. */
  annotate(): void {
    throw new ElpisError('ELPIS_CONTROL', 'a recorded run that is played takes no remark', {
      hint: 'add remarks while the run runs',
    });
  }
}
