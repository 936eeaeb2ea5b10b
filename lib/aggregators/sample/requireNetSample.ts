import { ElpisError } from '../../core/errors.js';
import { isTimedSample } from '../../measure/sampleTimes.js';
import type { NetSample } from '../../protocols/netSample.js';

/** True for a {@link NetSample}, also one of another copy of the package (user modules may load their own). */
export const isNetSample = (sample: unknown): sample is NetSample => isTimedSample(sample);

/** The sample as a network sample. @throws ElpisError `ELPIS_CONFIG` when the gun's samples are of another shape. */
export function requireNetSample(sample: unknown, from: string): NetSample {
  if (isNetSample(sample)) return sample;
  throw new ElpisError(
    'ELPIS_CONFIG',
    `${from} writes network samples only, and this gun gives samples of its own shape`,
    {
      hint: 'use jsonlines, which writes any sample, or let the gun give NetSamples',
    },
  );
}
