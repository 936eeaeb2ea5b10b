import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import { poolText } from '../../../lib/cli/commands/check.js';
import { decodeConfig } from '../../../lib/config/decodeConfig.js';

function shown(changes: object, counts = { shots: 15_030, instances: 50 }): string {
  const pool = {
    id: 'shop',
    gun: { type: 'http', target: 'localhost:80' },
    ammo: { type: 'uri', uris: ['/', '/cart'] },
    result: [{ type: 'phout', destination: './phout.log' }, { type: 'discard' }],
    rps: { type: 'line', from: 1, to: 500, duration: '60s' },
    startup: { type: 'once', times: 50 },
    ...changes,
  };
  const decoded = decodeConfig({ pools: [pool] }, builtins());
  if (isLeft(decoded)) assert.fail(JSON.stringify(decoded.left));
  const [first] = decoded.right.pools;
  assert.ok(first);
  return poolText(first, counts);
}

describe('the output of check for a pool', () => {
  it('is a line for each part, with its own description', () => {
    assert.equal(
      shown({ operators: { samples: [{ type: 'retag', pattern: '[0-9]+' }] } }),
      [
        'shop',
        '  gun       http to localhost:80; no limit for a whole shot (request-timeout)',
        '  ammo      uri, 2 lines',
        '  rps       line 1 to 500/s in 60 s, 15,030 operations',
        '  startup   once, 50 operations',
        '  load      15,030 shots by 50 instances',
        '  result    phout to ./phout.log; discard',
        '  overflow  operations overdue by 2 s are discarded',
        '  samples   retag [0-9]+ to *',
        '',
      ].join('\n'),
    );
  });

  it('shows unknown numbers, and the shots of each instance', () => {
    const rps = { type: 'unlimited', duration: '5s' };
    assert.match(shown({ rps }, { shots: -1, instances: 1 }), /load {6}an unknown number of shots by 1 instance\n/);
    assert.match(
      shown({ rpsPerInstance: true }, { shots: 1, instances: -1 }),
      /1 shot by each of an unknown number of/,
    );
  });
});
