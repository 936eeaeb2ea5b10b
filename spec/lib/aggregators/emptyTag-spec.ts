import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CsvBatch } from '../../../lib/aggregators/csv.js';
import { jsonEncoder } from '../../../lib/aggregators/jsonlines.js';
import { phoutEncoder } from '../../../lib/aggregators/phout.js';
import { NetSample } from '../../../lib/protocols/netSample.js';

const sample = NetSample.of({ index: 0, at: 0, ammo: undefined, instance: 0, started: 0, slotWait: 0 });
sample.tag = '__EMPTY__';
sample.end(1, 200);

describe('the tag of an operation without one', () => {
  it('is empty in csv', () => {
    const batch = new CsvBatch({ header: false, columns: ['tag', 'proto_code'] });
    batch.add(sample);
    assert.equal(Buffer.from(batch.take()).toString(), ',200\n');
  });

  const encoded = (encode: ReturnType<typeof jsonEncoder>): string => {
    const buffer = Buffer.alloc(4096);
    return buffer.subarray(0, encode(sample, buffer, 0)).toString();
  };

  it('is empty in jsonlines', () => {
    assert.equal((JSON.parse(encoded(jsonEncoder())) as { tag: string }).tag, '');
  });

  it('is __EMPTY__ in phout, as in Pandora', () =>
    assert.equal(encoded(phoutEncoder({ id: false })).split('\t')[1], '__EMPTY__'));
});
