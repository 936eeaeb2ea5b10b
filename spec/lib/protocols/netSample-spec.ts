import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isBad } from '../../../lib/aggregators/sample/netTimes.js';
import type { TimedSample, Verdict } from '../../../lib/core/sample.js';
import { CountsRecorder } from '../../../lib/measure/countsRecorder.js';
import { NET_CODE, NET_FAILURE } from '../../../lib/protocols/netFailure.js';
import { NetSample, type NetSampleFields } from '../../../lib/protocols/netSample.js';

const shot = { index: 7, at: 1000, ammo: undefined, instance: 3, started: 1002, slotWait: 1 };

/** `failed` and `bad` as they are counted. */
function counted(sample: TimedSample): readonly [failed: number, bad: number] {
  const recorder = new CountsRecorder();
  recorder.record(sample, true, 0, 0);
  const { failed, bad } = recorder.take();
  return [failed, bad];
}
const COUNTED: Readonly<Record<Verdict, readonly [number, number]>> = { ok: [0, 0], bad: [0, 1], failed: [1, 0] };

describe('NetSample', () => {
  it('of a shot is clean, and no sample is used again', () => {
    const first = NetSample.of(shot).end(1010, 500);
    const second = NetSample.of(shot);
    assert.notEqual(first, second);
    assert.deepEqual(
      [second.index, second.instance, second.intended, second.started, second.slotWait, second.ended],
      [7, 3, 1000, 1002, 1, 0],
    );
    assert.deepEqual([second.protoCode, second.netCode, second.errorName, second.tag], [0, 0, '', '']);
  });

  it('ends with a status, with an error, or with a known failure and the status before it', () => {
    const refused = Object.assign(new Error(), { code: 'ECONNREFUSED' });
    const rows = [NetSample.of(shot).end(1010, 204), NetSample.of(shot).fail(refused, 1011)];
    rows.push(NetSample.of(shot).failAs(NET_FAILURE.closedEarly, 1012, 200));
    assert.deepEqual(
      rows.map(({ responded, ended, netCode, protoCode, errorName }) => [
        responded,
        ended,
        netCode,
        protoCode,
        errorName,
      ]),
      [
        [1010, 1010, 0, 204, ''],
        [1011, 1011, 111, 0, 'connection refused'],
        [1012, 1012, 999, 200, 'closed early'],
      ],
    );
  });

  it('with changes is a copy; the sample stays as it is', () => {
    const sample = NetSample.of(shot).end(1010, 200);
    sample.verdict = 'bad';
    const copy = sample.with({ tag: 'x', bytesIn: 5 });
    assert.ok(copy instanceof NetSample);
    assert.deepEqual([copy.tag, copy.bytesIn, copy.index, copy.ended, copy.verdict], ['x', 5, 7, 1010, 'bad']);
    assert.deepEqual([sample.tag, sample.bytesIn], ['', 0]);
    assert.equal(copy.with({ verdict: 'ok' }).verdict, 'ok');
    assert.equal(copy.verdict, 'bad');
  });
});

describe('the verdict of a sample', () => {
  const rows: readonly (readonly [sentence: string, fields: Partial<NetSampleFields>, verdict: Verdict])[] = [
    ['status 200', { protoCode: 200 }, 'ok'],
    ['no status at all, as for datagrams', {}, 'ok'],
    ['the last status that is no error', { protoCode: 399 }, 'ok'],
    ['the first that is one', { protoCode: 400 }, 'bad'],
    ['status 503', { protoCode: 503 }, 'bad'],
    ['a failed check of a good response', { protoCode: 200, netCode: NET_CODE.check }, 'bad'],
    ['a failed check of a bad response', { protoCode: 500, netCode: NET_CODE.check }, 'bad'],
    ['a timeout', { netCode: NET_CODE.timeout }, 'failed'],
    ['a good status whose body broke off', { protoCode: 200, netCode: NET_CODE.other }, 'failed'],
    ['a bad status whose body broke off', { protoCode: 500, netCode: NET_CODE.other }, 'failed'],
    ['a bad status that the gun marks as good', { protoCode: 404, verdict: 'ok' }, 'ok'],
    ['a good status that the gun marks as an error', { protoCode: 5, verdict: 'bad' }, 'bad'],
    ['a response that the gun rejects', { protoCode: 200, verdict: 'failed' }, 'failed'],
  ];
  for (const [sentence, fields, verdict] of rows)
    it(`${sentence}: ${verdict}, wherever it is counted`, () => {
      const sample = Object.assign(NetSample.of(shot).end(1010), fields);
      assert.equal(sample.verdict, verdict);
      assert.deepEqual(counted(sample), COUNTED[verdict]);
      assert.equal(isBad(sample), verdict !== 'ok');
      // A plain copy has lost the methods, not the verdict.
      assert.deepEqual(counted({ ...sample }), COUNTED[verdict]);
    });

  it('follows the codes until the gun sets it', () => {
    const sample = NetSample.of(shot);
    const seen: Verdict[] = [sample.verdict];
    sample.end(1010, 500);
    seen.push(sample.verdict);
    sample.failAs(NET_FAILURE.timeout, 1011);
    seen.push(sample.verdict);
    sample.verdict = 'ok';
    sample.netCode = 1;
    seen.push(sample.verdict);
    assert.deepEqual(seen, ['ok', 'bad', 'failed', 'ok']);
  });

  it('of an operation that was never shot counts as bad for `sampled`, but neither as failed nor as a bad status', () => {
    const sample = Object.assign(NetSample.of(shot), { outcome: 'discarded' as const });
    assert.deepEqual([isBad(sample), counted(sample)], [true, [0, 0]]);
  });
});
