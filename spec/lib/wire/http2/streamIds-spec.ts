import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { HeadCache } from '../../../../lib/wire/http2/headCache.js';
import { Http2Counters } from '../../../../lib/wire/http2/http2Counters.js';
import { DEFAULT_WINDOWS, Session } from '../../../../lib/wire/http2/session.js';
import { StreamTable } from '../../../../lib/wire/http2/streamTable.js';
import { GET, Recorder } from './wiredClient.js';

describe('the ids of streams', () => {
  it('end at 2^31 - 1: after that stream the connection takes no more', () => {
    const streams = new StreamTable();
    streams.nextId = 2 ** 31 - 3;
    const host = { drained: 0, dirty: () => {}, freed: () => {}, broken: () => {}, drains: () => host.drained++ };
    const socket = { pending: false, write: () => {}, destroy: () => {} };
    const options = {
      scheduler: new VirtualClock(1000),
      timed: false,
      heads: new HeadCache(),
      windows: DEFAULT_WINDOWS,
      settingsTimeout: 1000,
      counters: new Http2Counters(),
    };
    const session = new Session(socket, false, options, host, streams);
    session.send(GET, null, true, new Recorder());
    assert.equal(host.drained, 0);
    session.send(GET, null, true, new Recorder());
    assert.equal(host.drained, 1);
    assert.deepEqual(
      streams.all().map(({ id }) => id),
      [2 ** 31 - 3, 2 ** 31 - 1],
    );
  });
});
