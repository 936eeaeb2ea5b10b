import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { Ring } from '../../../lib/pull/ring.js';

it('a Ring behaves like an array', () => {
  const command = fc.oneof(fc.record({ push: fc.integer() }), fc.constant('shift' as const));
  fc.assert(
    fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
      const [ring, model]: [Ring<number>, number[]] = [new Ring(), []];
      for (const step of commands) {
        if (step === 'shift') assert.equal(ring.shift(), model.shift());
        else {
          ring.push(step.push);
          model.push(step.push);
        }
        assert.equal(ring.length, model.length);
      }
      while (model.length > 0) assert.equal(ring.shift(), model.shift());
    }),
  );
});
