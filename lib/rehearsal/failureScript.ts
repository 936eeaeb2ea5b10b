import { NET_FAILURE, type NetFailure } from '../protocols/netFailure.js';
import { constantLatency } from './constantLatency.js';
import { scriptFrom } from './parseScript.js';
import { ScriptClock } from './scriptClock.js';
import type { ScriptPhase } from './scriptPhase.js';
import type { TargetAnswer, TargetModel } from './targetModel.js';
import { REFUSED_AFTER_MS } from './timing.js';

function fail(answer: TargetAnswer, { netCode, errorName }: NetFailure): void {
  answer.status = 0;
  answer.netCode = netCode;
  answer.errorName = errorName;
}

function play(phase: ScriptPhase, answer: TargetAnswer): void {
  if (phase.verb === 'slow') answer.afterMs *= phase.figure;
  else if (phase.verb === 'status') answer.status = phase.figure;
  else if (phase.verb === 'reset') fail(answer, NET_FAILURE.reset);
}

/**
 * A target that misbehaves by the clock: `'ok 30s, stall 2s, 503 10s'`.
 *
 * ```text
 * ok 3s, stall 2s, 503      ok ok ok ........ ok 503 503 503 ...
 * ```
 *
 * - `ok`: as the model that it stands `on`. `503` (any status): as fast, with that status. `slow x3`: three times slower.
 * - `stall`: everything stands still; an answer that is under way comes later by as much of the stall as it meets.
 * - `reset`: the connection breaks when the answer would have come. `refuse`: no connection, after 0.1 ms.
 * - Phases follow one another from the start of the run; the one at a request's arrival decides. The last one lasts, with
 *   or without a length; with `repeat` at the end the script starts over.
 *
 * Formula: with `W` the time of the model below, the answer comes when `W` has passed outside of stalls.
 *
 * @param on What it is like while it is well. Default: 1 ms.
 * @throws ElpisError `ELPIS_USAGE` that says the column and what was expected there.
 * @example
 * const target = failureScript('ok 30s, stall 2s, 503 10s, ok', logNormalLatency({ medianMs: 20, p99Ms: 80 }));
 */
export function failureScript(text: string, on: TargetModel = constantLatency(1)): TargetModel {
  const script = scriptFrom(text);
  return {
    name: `${on.name} + script: ${text.trim()}`,
    start: (start) => {
      const well = on.start(start);
      const clock = new ScriptClock(script);
      return (answer, now, tag) => {
        const offset = now - start.startAt;
        const phase = clock.phaseAt(offset);
        if (phase.verb === 'refuse') {
          answer.afterMs = REFUSED_AFTER_MS;
          fail(answer, NET_FAILURE.refused);
          return;
        }
        well(answer, now, tag);
        if (answer.netCode === 0) play(phase, answer);
        answer.afterMs = clock.workDone(offset, answer.afterMs) - offset;
      };
    },
  };
}
