import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { builtins } from '../../../lib/builtins/builtins.js';
import { struct } from '../../../lib/codec/struct.js';
import type { SinkOpening } from '../../../lib/core/data.js';
import { component } from '../../../lib/plugin/component.js';
import { constantLatency } from '../../../lib/rehearsal/models/latencies.js';
import { virtualRun } from '../../../lib/testing/virtualRun.js';

describe('the sinks of a rehearsal', () => {
  it('are opened to write in the calling turn, so that virtual time does not wait for them', async () => {
    const openings: (SinkOpening | undefined)[] = [];
    let lines = 0;
    const noted = component({
      kind: 'sink',
      name: 'noted',
      summary: 'For a test.',
      options: struct('noted', {}),
      create: () => ({
        name: 'noted',
        open: (opening?: SinkOpening) => {
          openings.push(opening);
          return new Writable({
            write: (chunk: Buffer, _encoding, done) => {
              lines += chunk.toString().split('\n').length - 1;
              done();
            },
          });
        },
      }),
    });
    const pool = {
      gun: { type: 'http', target: 'localhost:80' },
      ammo: { type: 'uri', uris: ['/'] },
      result: { type: 'phout', destination: { type: 'noted' } },
      rps: { type: 'const', ops: 10, duration: '5s' },
      startup: { type: 'once', times: 2 },
    };
    await virtualRun({ pools: [pool] }, { target: constantLatency(5), registry: builtins().register(noted) });
    assert.deepEqual([openings, lines], [[{ blocking: true }], 50]);
  });
});
