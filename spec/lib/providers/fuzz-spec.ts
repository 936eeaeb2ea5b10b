import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ammoOnAnything, FORMATS, GOOD_AMMO, readAmmo } from '../../../scripts/soak/fuzzers/ammo.js';

describe('decoders of ammo on bytes of any kind', () => {
  for (const { holds, runs, assert: holdsTrue } of ammoOnAnything) it(holds, () => holdsTrue(runs));

  for (const format of FORMATS)
    it(`${format}: good ammo that is cut off at any byte`, async () => {
      const bytes = Buffer.from(GOOD_AMMO[format]);
      for (let end = 0; end <= bytes.length; end++) {
        for (const tolerant of [false, true]) {
          const whole = await readAmmo(format, bytes.subarray(0, end), 1000, tolerant);
          assert.deepEqual(await readAmmo(format, bytes.subarray(0, end), 7, tolerant), whole);
        }
      }
    });
});
