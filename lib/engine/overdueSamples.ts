import type { Shot } from '../core/shot.js';
import type { EpochMs } from '../core/units.js';
import { NET_CODE } from '../protocols/netFailure.js';
import { NetSample } from '../protocols/netSample.js';

/**
 * Samples for operations that no gun could finish, so that the numbers contain all operations that were due. In phout
 * they are as in Pandora: tag `discarded`, net code 777. Operations that are left at the end of a run have the tag
 * `unfinished`.
 */
export const overdueSamples = {
  /** A shot that was overdue when an instance was free. */
  discarded(shot: Shot<unknown>, now: EpochMs): NetSample {
    shot.started = now;
    const sample = NetSample.of(shot);
    sample.outcome = 'discarded';
    sample.tag = 'discarded';
    sample.netCode = NET_CODE.discarded;
    sample.errorName = 'discarded';
    sample.responded = now;
    sample.ended = now;
    return sample;
  },

  /** A shot that was due or under way when the run ended; its age is `ended - intended`. */
  unfinished(shot: Shot<unknown>, now: EpochMs): NetSample {
    const underWay = shot.instance >= 0;
    if (!underWay) shot.started = now;
    const sample = NetSample.of(shot);
    sample.outcome = 'unfinished';
    sample.tag = 'unfinished';
    sample.netCode = NET_CODE.other;
    sample.errorName = underWay ? 'unfinished' : 'not started';
    sample.responded = now;
    sample.ended = now;
    return sample;
  },
};
