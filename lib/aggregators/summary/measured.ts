import { micros } from '../../coreutil/micros.js';
import { SampleTimes } from '../../coreutil/sampleTimes.js';
import type { NetSample } from '../../protocols/netSample.js';
import { lateness } from '../sample/lateness.js';

/** The times of one network sample in whole microseconds. One object is reused. */
export class Measured extends SampleTimes {
  slotWaitUs = 0;
  latenessUs = 0;

  override of(sample: NetSample): this {
    this.slotWaitUs = micros(sample.slotWait);
    this.latenessUs = micros(lateness(sample));
    return super.of(sample);
  }
}
