import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Http2Stream, type StreamOwner } from '../../../../lib/wire/http2/http2Stream.js';
import { StreamTable } from '../../../../lib/wire/http2/streamTable.js';
import { Recorder } from './wiredClient.js';

const owner: StreamOwner = {
  maxHeaderList: Number.POSITIVE_INFINITY,
  hasBody: () => undefined,
  reset: () => undefined,
  ended: () => undefined,
};

describe('StreamTable', () => {
  it('knows the last 1000 streams that it cancelled; an earlier one has just ended', () => {
    const recorder = new Recorder();
    const table = new StreamTable();
    const ids = Array.from({ length: 1001 }, (_, i) => 2 * i + 1);
    for (const id of ids) {
      const stream = new Http2Stream(id, false, recorder, owner, 0, 0, 0);
      table.add(stream);
      table.remove(stream, true);
    }
    assert.deepEqual(
      [1, 3, 2001].map((id) => table.absence(id)),
      ['closed', 'cancelled', 'cancelled'],
    );
    assert.deepEqual([table.absence(2003), table.absence(2), table.size], ['idle', 'idle', 0]);
  });
});
