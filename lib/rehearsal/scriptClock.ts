import type { Millis } from '../core/units.js';
import type { Script, ScriptPhase } from './scriptPhase.js';

/** Where a script is at a moment. Moments are asked for in rising order, so it only ever walks on. */
export class ScriptClock {
  readonly #script: Script;
  #index = 0;
  #until: Millis;

  constructor(script: Script) {
    this.#script = script;
    this.#until = this.#at(0).lengthMs;
  }

  #at(index: number): ScriptPhase {
    const { phases } = this.#script;
    return phases[index % phases.length] as ScriptPhase;
  }

  /** The phase at a moment since the start. */
  phaseAt(offset: Millis): ScriptPhase {
    while (offset >= this.#until) {
      this.#index++;
      this.#until += this.#at(this.#index).lengthMs;
    }
    return this.#at(this.#index);
  }

  /**
   * When work that is begun at `offset` (the last one that `phaseAt` was asked for) and takes `work` is done: it stands
   * still in every stall. `Infinity` for never.
   */
  workDone(offset: Millis, work: Millis): Millis {
    if (offset + work <= this.#until && this.#at(this.#index).verb !== 'stall') return offset + work;
    let index = this.#index;
    let until = this.#until;
    let [moment, left] = [offset, work];
    for (let stalled = 0; stalled <= this.#script.phases.length; index++, until += this.#at(index).lengthMs) {
      if (this.#at(index).verb === 'stall') stalled++;
      else if (moment + left <= until) return moment + left;
      else {
        if (until > moment) stalled = 0;
        left -= until - moment;
      }
      if (until === Number.POSITIVE_INFINITY) break;
      moment = until;
    }
    return Number.POSITIVE_INFINITY;
  }
}
