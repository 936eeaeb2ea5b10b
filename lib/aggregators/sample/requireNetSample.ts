import { ElpisError } from '../../core/errors.js';
import type { NetSample } from '../../protocols/netSample.js';
import { isNetSample } from './isNetSample.js';

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
