import type { Millis } from '../../core/units.js';
import { NET_FAILURE, type NetFailure } from '../../protocols/netFailure.js';
import { constantLatency } from './latencies.js';
import { type ModelResponse, REFUSED_AFTER_MS, type TargetModel } from './targetModel.js';
import { TextScanner } from './textScanner.js';

/** The behaviour of the target for a span of time. */
interface ScriptPhase {
  readonly verb: 'ok' | 'stall' | 'reset' | 'refuse' | 'status' | 'slow';
  /** The status, or the factor of `slow`. */
  readonly figure: number;
  /** `Infinity` for the last phase. */
  readonly lengthMs: Millis;
}

/** A parsed script. */
interface Script {
  readonly phases: readonly ScriptPhase[];
  /** Starts over after the last phase. */
  readonly repeat: boolean;
}

const VERBS = 'ok, stall, reset, refuse, a status such as 503, or slow such as x3';

function verb(scanner: TextScanner): Pick<ScriptPhase, 'verb' | 'figure'> {
  const word = scanner.peek();
  const { at } = scanner;
  scanner.at += word.length;
  if (word === 'ok' || word === 'stall' || word === 'reset' || word === 'refuse') return { verb: word, figure: 0 };
  if (/^[1-5]\d\d$/.test(word)) return { verb: 'status', figure: Number(word) };
  if (word !== 'slow') scanner.fail(VERBS, at);
  const factor = scanner.peek();
  const times = /^x(\d+\.?\d*|\.\d+)$/.exec(factor);
  if (times === null || Number(times[1]) === 0) scanner.fail('how many times slower, such as x3');
  scanner.at += factor.length;
  return { verb: 'slow', figure: Number(times[1]) };
}

/**
 * Reads a failure script: phases separated by commas, each a verb and a length. The last one never ends, even with a
 * length, unless the script ends with `repeat`.
 *
 * @throws ElpisError `ELPIS_USAGE` with the column and what was expected there.
 */
export function parseScript(scanner: TextScanner): Script {
  const phases: ScriptPhase[] = [];
  for (;;) {
    if (phases.length > 0 && scanner.peek() === 'repeat') {
      const { at } = scanner;
      scanner.at += 'repeat'.length;
      if (scanner.more) scanner.fail('nothing after repeat');
      if (phases.every(({ lengthMs }) => lengthMs === 0)) scanner.fail('a phase that lasts longer than 0 before', at);
      return { phases, repeat: true };
    }
    const does = verb(scanner);
    const timed = scanner.atDuration;
    const lengthMs = timed ? scanner.duration('how long') : Number.POSITIVE_INFINITY;
    phases.push({ ...does, lengthMs });
    if (!scanner.more) break;
    if (!timed) scanner.fail('how long, a duration such as 30s; only the last phase may have none');
    scanner.need(',');
  }
  const last = phases.pop() as ScriptPhase;
  return { phases: [...phases, { ...last, lengthMs: Number.POSITIVE_INFINITY }], repeat: false };
}

/** Reads a whole text as a script. */
function scriptFrom(text: string): Script {
  return parseScript(new TextScanner('script', text));
}

/** The phase of a script at a moment. Moments MUST be passed in ascending order, so it only moves forward. */
class ScriptClock {
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
   * The end of work that begins at `offset` (the last value passed to `phaseAt`) and takes `work`. Work makes no
   * progress in a stall. `Infinity` for never.
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

function fail(response: ModelResponse, { netCode, errorName }: NetFailure): void {
  response.status = 0;
  response.netCode = netCode;
  response.errorName = errorName;
}

function play(phase: ScriptPhase, response: ModelResponse): void {
  if (phase.verb === 'slow') response.afterMs *= phase.figure;
  else if (phase.verb === 'status') response.status = phase.figure;
  else if (phase.verb === 'reset') fail(response, NET_FAILURE.reset);
}

/**
 * A target whose failures follow a timetable: `'ok 30s, stall 2s, 503 10s'`.
 *
 * ```text
 * ok 3s, stall 2s, 503      ok ok ok ........ ok 503 503 503 ...
 * ```
 *
 * - `ok`: as the model `on`. `503` (any status): the same time, with that status. `slow x3`: three times slower.
 * - `stall`: no request makes progress; a response under way is later by the part of the stall that it overlaps.
 * - `reset`: the connection is reset when the response is due. `refuse`: the connection is refused, after 0.1 ms.
 * - Phases follow one another from the start of the run; the phase at the arrival of a request decides. The last one
 *   never ends, even with a length; with `repeat` at the end the script starts again.
 *
 * Formula: with `W` the time of the model `on`, the response is complete when `W` has passed outside of stalls.
 *
 * @param text The script.
 * @param on The model of the target without failures. Default: 1 ms.
 * @throws ElpisError `ELPIS_USAGE` with the column and what was expected there.
 * @example
 * const target = failureScript('ok 30s, stall 2s, 503 10s, ok', logNormalLatency({ medianMs: 20, p99Ms: 80 }));
 */
export function failureScript(text: string, on: TargetModel = constantLatency(1)): TargetModel {
  const script = scriptFrom(text);
  return {
    name: `${on.name} + script: ${text.trim()}`,
    start: (start) => {
      const healthy = on.start(start);
      const clock = new ScriptClock(script);
      return (response, now, tag) => {
        const offset = now - start.startAt;
        const phase = clock.phaseAt(offset);
        if (phase.verb === 'refuse') {
          response.afterMs = REFUSED_AFTER_MS;
          fail(response, NET_FAILURE.refused);
          return;
        }
        healthy(response, now, tag);
        if (response.netCode === 0) play(phase, response);
        response.afterMs = clock.workDone(offset, response.afterMs) - offset;
      };
    },
  };
}
