import { NetSample } from '../../lib/protocols/netSample.js';

const shot = { index: 0, at: 0, ammo: undefined, instance: 0, started: 0, slotWait: 0 };
const START = 1_700_000_000_000;

/**
 * The i-th of an endless series of samples, like those of an HTTP run without failures: 10,000 a second, one of five
 * tags.
 */
export function sampleOf(index: number): NetSample {
  shot.index = index;
  shot.at = START + index / 10;
  shot.started = shot.at + 0.01;
  const sample = NetSample.of(shot);
  sample.tag = `tag ${index % 5}`;
  sample.id = index;
  sample.responded = sample.ended = shot.started + 0.4 + (index % 1000) / 300;
  sample.protoCode = 200;
  sample.bytesIn = 170;
  sample.bytesOut = 80;
  return sample;
}
