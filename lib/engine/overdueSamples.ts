import type { Shot } from '../core/shot.js';
import type { EpochMs } from '../core/units.js';
import { NET_CODE } from '../protocols/netFailure.js';
import { NetSample } from '../protocols/netSample.js';

/**
 * Samples for operations that no gun could finish, so that nothing that was due is ever missing from the numbers.
 * Pandora's phout form: tag `discarded`, net code 777; Elpis gives what is left at the end of a run the tag `unfinished`.
 */
export const overdueSamples = {
  /** A shot that was overdue when its turn came. */
  discarded(shot: Shot<unknown>, now: EpochMs): NetSample {
    shot.started = now;
    shot.slotWait = now - shot.at;
    const sample = NetSample.of(shot);
    sample.outcome = 'discarded';
    sample.tag = 'discarded';
    sample.netCode = NET_CODE.discarded;
    sample.errorName = 'discarded';
    sample.answered = now;
    sample.ended = now;
    return sample;
  },

  /** A shot that was due or under way when the run ended; its age is `ended - intended`. */
  unfinished(shot: Shot<unknown>, now: EpochMs): NetSample {
    const underWay = shot.started > 0;
    if (!underWay) {
      shot.started = now;
      shot.slotWait = now - shot.at;
    }
    const sample = NetSample.of(shot);
    sample.outcome = 'unfinished';
    sample.tag = 'unfinished';
    sample.netCode = NET_CODE.other;
    sample.errorName = underWay ? 'unfinished' : 'not started';
    sample.answered = now;
    sample.ended = now;
    return sample;
  },
};
