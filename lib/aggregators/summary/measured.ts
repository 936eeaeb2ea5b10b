import type { NetSample } from '../../protocols/netSample.js';
import { micros } from '../encoding/micros.js';
import { lateness } from '../sample/lateness.js';
import { responseTime } from '../sample/responseTime.js';
import { serviceTime } from '../sample/serviceTime.js';
import { wasShot } from '../sample/wasShot.js';

/** The times of one sample in whole microseconds, worked out once for all who count them. One object is reused. */
export class Measured {
  shot = false;
  responseUs = 0;
  serviceUs = 0;
  slotWaitUs = 0;
  latenessUs = 0;

  of(sample: NetSample): this {
    this.shot = wasShot(sample);
    this.responseUs = micros(responseTime(sample));
    this.serviceUs = micros(serviceTime(sample));
    this.slotWaitUs = micros(sample.slotWait);
    this.latenessUs = micros(lateness(sample));
    return this;
  }
}
