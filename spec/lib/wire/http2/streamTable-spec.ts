import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Http2Stream, type StreamOwner } from '../../../../lib/wire/http2/http2Stream.js';
import { StreamTable } from '../../../../lib/wire/http2/streamTable.js';
import { Recorder } from './wiredClient.js';

const owner: StreamOwner = {
  maxHeaderList: Number.POSITIVE_INFINITY,
  hasBody: () => undefined,
  reset: () => undefined,
  ended: () => undefined,
};

const recorder = new Recorder();
const open = (table: StreamTable): Http2Stream => {
  const stream = new Http2Stream(table.nextId, false, recorder, owner, 0, 0, 0);
  table.add(stream);
  return stream;
};

describe('StreamTable', () => {
  it('has the same streams as a Map, in the order of their ids, whichever of them end', () => {
    // Each number opens that many streams, or ends the one at that place from the oldest.
    const steps = fc.array(
      fc.oneof(fc.record({ opens: fc.integer({ min: 1, max: 40 }) }), fc.record({ ends: fc.nat(99) })),
    );
    fc.assert(
      fc.property(steps, (all) => {
        const [table, model] = [new StreamTable(), new Map<number, Http2Stream>()];
        for (const step of all) {
          const { opens = 0, ends = -1 } = step as { opens?: number; ends?: number };
          for (let i = 0; i < opens; i++) {
            const stream = open(table);
            model.set(stream.id, stream);
          }
          const ended = ends < 0 ? undefined : [...model.values()][ends % model.size];
          if (ended === undefined) continue;
          model.delete(ended.id);
          table.remove(ended, false);
          assert.equal(table.get(ended.id), undefined);
        }
        assert.equal(table.size, model.size);
        assert.deepEqual(
          table.all().map(({ id }) => id),
          [...model.keys()],
        );
        for (const [id, stream] of model) assert.equal(table.get(id), stream);
        assert.equal(table.get(table.nextId), undefined);
      }),
    );
  });

  it('links no stream that has ended to others: garbage collection would keep them for it', () => {
    const table = new StreamTable();
    // 17 streams in 16 slots: the last is before the first.
    const streams = Array.from({ length: 17 }, () => open(table));
    const [first, last] = [streams[0] as Http2Stream, streams[16] as Http2Stream];
    assert.equal(last.older ?? first, first);
    for (const stream of streams.reverse()) table.remove(stream, false);
    assert.deepEqual([...new Set(streams.map(({ older }) => older))], [undefined]);
  });

  it('knows the last 1000 streams that it cancelled; an earlier one has just ended', () => {
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
