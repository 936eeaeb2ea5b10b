import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { from, lastValueFrom } from 'rxjs';
import { writeInteger } from '../../../lib/aggregators/encoding/digits.js';
import { writePhout } from '../../../lib/aggregators/phout.js';
import { phoutColumns } from '../../../lib/aggregators/sampleFields.js';
import { micros } from '../../../lib/measure/sampleTimes.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { MemorySink } from './memorySink.js';
import { sampleOf } from './sampleOf.js';

interface Vector {
  readonly id: string;
  readonly idOption: boolean;
  readonly expect: { readonly line: string };
  readonly sample: Readonly<Record<string, string | number>> & {
    readonly timestampUnixNs: string;
    readonly tag: string;
    readonly id: string;
    readonly addedTags?: readonly string[];
  };
}

async function phoutOf(samples: readonly NetSample[], id = false): Promise<string> {
  const sink = new MemorySink();
  await lastValueFrom(from(samples).pipe(writePhout({ sink, id })));
  return sink.text;
}

function sampleOfVector({ sample }: Vector): NetSample {
  const ns = BigInt(sample.timestampUnixNs);
  const started = Number(ns / 1_000_000n) + Number(ns % 1_000_000n) / 1e6;
  const ms = (key: string): number => Number(sample[key]) / 1000;
  const tag = (sample.addedTags ?? []).reduce((all, added) => (all === '' ? added : `${all}|${added}`), sample.tag);
  const built = sampleOf({
    started,
    tag,
    responded: started + ms('intervalReal'),
    ended: started + ms('intervalReal'),
    connectTime: ms('connect'),
    sendTime: ms('send'),
    latency: ms('latency'),
    receiveTime: ms('receive'),
    sizeOut: Number(sample.requestBytes),
    sizeIn: Number(sample.responseBytes),
    netCode: Number(sample.netCode),
    protoCode: Number(sample.protoCode),
  });
  const id = Number(sample.id);
  return Object.assign(built, { id: Number.isSafeInteger(id) ? id : BigInt(sample.id) });
}

describe('the columns of phout', () => {
  it('are described in their order', async () => {
    const names =
      'time tag interval_real connect_time send_time latency receive_time interval_event size_out size_in net_code proto_code';
    assert.equal(phoutColumns.map(({ name }) => name).join(' '), names);
    assert.ok(phoutColumns.every(({ about }) => about !== ''));
    assert.equal((await phoutOf([sampleOf({})])).split('\t').length, phoutColumns.length);
  });
});

describe('phout', () => {
  const { vectors } = JSON.parse(readFileSync('spec/vectors/phout.json', 'utf8')) as { vectors: readonly Vector[] };
  for (const vector of vectors) {
    it(`writes the line of vector ${vector.id}`, async () => {
      assert.equal(await phoutOf([sampleOfVector(vector)], vector.idOption), `${vector.expect.line}\n`);
    });
  }

  const at = 1_700_000_000_123.9;
  const cases: readonly (readonly [sentence: string, fields: Partial<NetSample>, line: string])[] = [
    ['milliseconds are cut off', { started: at }, '1700000000.123\t\t0\t0\t0\t0\t0\t0\t0\t0\t0\t200'],
    [
      'TAB, CR and LF in a tag become spaces',
      { tag: 'a\tb\r\nc' },
      '1700000000.000\ta b  c\t0\t0\t0\t0\t0\t0\t0\t0\t0\t200',
    ],
    ['a tag may hold any other character', { tag: 'ж|"ü' }, '1700000000.000\tж|"ü\t0\t0\t0\t0\t0\t0\t0\t0\t0\t200'],
    [
      'interval_real ends when the status is known, not when the body has been read',
      { started: 5000, responded: 5001.5, ended: 5009 },
      '5.000\t\t1500\t0\t0\t0\t0\t0\t0\t0\t0\t200',
    ],
    [
      'a discarded operation has no interval and is 777 without a code of its own',
      {
        outcome: 'discarded',
        tag: 'discarded',
        instance: -1,
        intended: 4000,
        started: 0,
        responded: 0,
        ended: 6000,
        protoCode: 0,
      },
      '4.000\tdiscarded\t0\t0\t0\t0\t0\t0\t0\t0\t777\t0',
    ],
    [
      'an unfinished shot has its age and net code 999, so that it is not a success',
      { outcome: 'unfinished', tag: 't', intended: 4000, started: 5000, responded: 0, ended: 7000, protoCode: 0 },
      '5.000\tt\t2000000\t0\t0\t0\t0\t0\t0\t0\t999\t0',
    ],
    [
      'an operation that was never shot counts from its intended moment',
      {
        outcome: 'unfinished',
        instance: -1,
        intended: 4000,
        started: 7000,
        responded: 7000,
        ended: 7000,
        protoCode: 0,
      },
      '4.000\t\t3000000\t0\t0\t0\t0\t0\t0\t0\t999\t0',
    ],
  ];
  for (const [sentence, fields, line] of cases) {
    it(sentence, async () => assert.equal(await phoutOf([sampleOf(fields)]), `${line}\n`));
  }

  it('writes tags longer than its buffer', async () => {
    const tag = 'x'.repeat(200_000);
    const lines = (await phoutOf([sampleOf({ tag: 'a' }), sampleOf({ tag }), sampleOf({ tag: 'b' })])).split('\n');
    assert.deepEqual(
      lines.map((line) => line.split('\t')[1]),
      ['a', tag, 'b', undefined],
    );
  });

  it('refuses samples that are not network samples', async () => {
    const run = lastValueFrom(from([{ mine: 1 }]).pipe(writePhout({ sink: new MemorySink() })));
    await assert.rejects(run, { code: 'ELPIS_CONFIG', hint: /jsonlines/ });
  });
});

describe('micros', () => {
  it('returns every length of whole microseconds between two epoch floats', () => {
    const startNs = fc.bigInt({ min: 1_500_000_000_000_000_000n, max: 2_100_000_000_000_000_000n });
    const length = fc.integer({ min: 0, max: 7_200_000_000 });
    fc.assert(
      fc.property(startNs, length, (ns, us) => {
        const ms = (value: bigint): number => Number(value / 1_000_000n) + Number(value % 1_000_000n) / 1e6;
        assert.equal(micros(ms(ns + BigInt(us) * 1000n) - ms(ns)), us);
      }),
      { numRuns: 5000 },
    );
  });

  it('returns every moment of whole microseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_500_000_000_000_000, max: 2_100_000_000_000_000 }), (us) => {
        assert.equal(micros(us / 1000), us);
      }),
      { numRuns: 5000 },
    );
  });

  const cases: readonly (readonly [sentence: string, ms: number, us: number])[] = [
    ['fractions are cut off', 1.0007, 1000],
    ['a negative length never happened', -5, 0],
    ['no number never happened', Number.NaN, 0],
    ['a saturated value never happened', 9_223_372_036_854.775, 0],
  ];
  for (const [sentence, ms, us] of cases) it(sentence, () => assert.equal(micros(ms), us));
});

describe('writeInteger', () => {
  it('writes what String writes', () => {
    const buffer = Buffer.alloc(32);
    fc.assert(
      fc.property(
        fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n })),
        (value) => {
          assert.equal(buffer.toString('latin1', 0, writeInteger(buffer, 0, value)), String(value));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
