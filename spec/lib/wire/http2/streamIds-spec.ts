import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { DEFAULT_WINDOWS } from '../../../../lib/wire/http2/dataHandler.js';
import { HeadCache } from '../../../../lib/wire/http2/headCache.js';
import { Http2Counters } from '../../../../lib/wire/http2/http2Counters.js';
import { Session } from '../../../../lib/wire/http2/session.js';
import { GET, Recorder } from './wiredClient.js';

describe('the ids of streams', () => {
  it('end at 2^31 - 1: after that stream the connection takes no more', () => {
    const host = { drained: 0, dirty: () => {}, freed: () => {}, broken: () => {}, drains: () => host.drained++ };
    const socket = { pending: false, write: () => {}, destroy: () => {} };
    const options = {
      scheduler: new VirtualClock(1000),
      timed: false,
      heads: new HeadCache(),
      windows: DEFAULT_WINDOWS,
      settingsTimeout: 1000,
      counters: new Http2Counters(),
      firstId: 2 ** 31 - 3,
    };
    const session = new Session(socket, false, options, host);
    session.send(GET, null, true, new Recorder());
    assert.equal(host.drained, 0);
    session.send(GET, null, true, new Recorder());
    assert.deepEqual([host.drained, session.size], [1, 2]);
  });
});
