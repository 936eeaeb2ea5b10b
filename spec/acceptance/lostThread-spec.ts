import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import type { Bench } from './elpis.js';

/** A gun that blocks the thread that shoots operation 1. */
const BLOCKING = `
import { component, struct } from 'elpis';
import { EMPTY } from 'rxjs';
export default component({
  kind: 'gun', name: 'blocking', summary: 'Blocks one thread.', options: struct('blocking', {}),
  create: () => ({
    create: () => ({
      shoot: (_ammo, shot) => {
        while (shot.index === 1);
        return EMPTY;
      },
    }),
  }),
});
`;

describe('a thread whose event loop is blocked', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  it('is given up after thread-timeout without a signal, with its number; the others finish', async () => {
    bench.write('blocking.ts', BLOCKING);
    const text = config(`127.0.0.1:${target.port}`, {
      rps: '{type: const, ops: 10, duration: 1s}',
      extra: 'plugins: [./blocking.ts]\nthreads: 2\nthread-timeout: 2s',
    });
    bench.write('load.yaml', text.replace(/gun: .*/, 'gun: {type: blocking}'));
    const { code, stdout, stderr } = await bench.run(['run', 'load.yaml']);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /thread 1 .*2 s/);
    assert.match(stderr, /ELPIS_SHARE/);
    assert.match(stdout, /lateness/);
  });

  it('is refused a thread-timeout below 2 s, which a busy machine may need', async () => {
    bench.write('load.yaml', config(`127.0.0.1:${target.port}`, { extra: 'thread-timeout: 1s' }));
    const { code, stderr } = await bench.run(['check', 'load.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, /thread-timeout: expected a duration such as 30s, at least 2000ms/);
  });
});
