import type { TimedSample } from '../core/timedSample.js';
import { micros } from './micros.js';
import { responseTime } from './responseTime.js';
import { serviceTime } from './serviceTime.js';
import { wasShot } from './wasShot.js';

/** The times of one sample in whole microseconds, worked out once for all who count them. One object is reused. */
export class SampleTimes {
  shot = false;
  responseUs = 0;
  serviceUs = 0;

  of(sample: TimedSample): this {
    this.shot = wasShot(sample);
    this.responseUs = micros(responseTime(sample));
    this.serviceUs = micros(serviceTime(sample));
    return this;
  }
}
