import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleFault } from '../../../lib/measure/sampleFault.js';
import { NetSample } from '../../../lib/protocols/netSample.js';

const SHOT = { index: 3, at: 10_000, ammo: 'a', instance: 1, started: 10_001, slotWait: 0 };

/** A sound sample with some fields changed. */
const changed = (fields: object): NetSample => Object.assign(NetSample.of(SHOT).end(10_005, 200), fields);

const numbers = ['intended', 'started', 'slotWait', 'ended', 'netCode', 'protoCode', 'bytesOut', 'bytesIn'];

const FAULTS: readonly [fields: object, fault: RegExp | string][] = [
  ...numbers.flatMap((field): [object, string][] => [
    [{ [field]: Number.NaN }, `whose ${field} is NaN, expected a number`],
    [{ [field]: undefined }, `whose ${field} is undefined, expected a number`],
    [{ [field]: '7' }, `whose ${field} is 7, expected a number`],
    [{ [field]: Number.POSITIVE_INFINITY }, `whose ${field} is Infinity, expected a number`],
  ]),
  [{ tag: 5 }, 'whose tag is 5, expected a text'],
  [{ tag: undefined }, 'whose tag is undefined, expected a text'],
  [{ errorName: null }, 'whose errorName is null, expected a text'],
  [{ metrics: 5 }, 'whose metrics is 5, expected a list, as sample.measure(...) makes it'],
  [
    { ended: 0 },
    'whose ended is 0, before its start at 10001; expected epoch milliseconds, as scheduler.now() returns',
  ],
];

describe('sampleFault', () => {
  for (const [fields, fault] of FAULTS)
    it(`finds a sample ${fault}`, () => assert.equal(sampleFault(changed(fields)), fault));

  const sound: readonly [sentence: string, sample: unknown][] = [
    ['a sample that has ended', changed({})],
    ['a failed one', NetSample.of(SHOT).fail(new Error('x'), 10_002)],
    ['one with metrics', NetSample.of(SHOT).measure({ kind: 'counter', name: 'n', value: 1 }).end(10_002)],
    ['an end up to a second before the start, by a coarser clock', changed({ ended: 9001 })],
    ['a timed sample without metrics', { ...changed({}), metrics: undefined }],
    ['a text', 'a'],
    ['an object of another shape', { tag: 5 }],
    ['nothing', null],
  ];
  for (const [sentence, sample] of sound) it(`accepts ${sentence}`, () => assert.equal(sampleFault(sample), undefined));

  it('names an end more than a second before the start', () =>
    assert.match(String(sampleFault(changed({ ended: 9000.9 }))), /^whose ended is 9000\.9, before its start/));
});
