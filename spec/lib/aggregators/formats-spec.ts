import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { from, lastValueFrom, NEVER, type Observable, of, toArray } from 'rxjs';
import { csv } from '../../../lib/aggregators/csv.js';
import { discard } from '../../../lib/aggregators/discard.js';
import { json, jsonlines } from '../../../lib/aggregators/jsonlines.js';
import { logSamples } from '../../../lib/aggregators/log.js';
import { phout } from '../../../lib/aggregators/phout.js';
import { Reference } from '../../../lib/codec/reference.js';
import { scalar } from '../../../lib/codec/scalars.js';
import type { Aggregator } from '../../../lib/core/aggregator.js';
import type { Deps } from '../../../lib/core/deps.js';
import type { ConfiguredComponent } from '../../../lib/plugin/configured.js';
import type { PartCodecs } from '../../../lib/plugin/part.js';
import { realTimeScheduler } from '../../../lib/time/realTime.js';
import { MemorySink } from './memorySink.js';
import { sampleOf } from './sampleOf.js';

const full = () =>
  sampleOf({
    tag: 'a "b"',
    id: 7,
    index: 41,
    instance: 3,
    intended: 1_700_000_000_000.25,
    started: 1_700_000_000_010.5,
    slotWait: 4,
    responded: 1_700_000_000_012,
    ended: 1_700_000_000_013.5,
    connectTime: 0.5,
    sendTime: 0.25,
    latency: 1,
    receiveTime: 0.125,
    sizeOut: 100,
    sizeIn: 200,
    bytesOut: 101,
    bytesIn: 202,
    netCode: 104,
    protoCode: 200,
    errorName: 'connection reset',
  });

const FULL_JSON =
  '{"time":1700000000.010500,"tag":"a \\"b\\"","id":7,"interval_real":1500,"connect_time":500,"send_time":250,' +
  '"latency":1000,"receive_time":125,"interval_event":0,"size_out":100,"size_in":200,"net_code":104,"proto_code":200,' +
  '"index":41,"instance":3,"outcome":"shot","error":"connection reset","intended":1700000000.000250,' +
  '"response_us":13250,"service_us":3000,"slot_wait_us":4000,"lateness_us":6250,"bytes_out":101,"bytes_in":202,"retries":0}\n';

async function textOf(
  samples: Observable<unknown>,
  aggregator: (options: { sink: MemorySink }) => Aggregator<unknown>,
): Promise<string> {
  const sink = new MemorySink();
  await lastValueFrom(samples.pipe(aggregator({ sink })));
  return sink.text;
}

describe('jsonlines', () => {
  it('writes a network sample with the keys of the documentation', async () => {
    assert.equal(await textOf(of(full()), jsonlines), FULL_JSON);
  });

  it('sorts the keys with the option', async () => {
    const text = await textOf(of(full()), ({ sink }) => jsonlines({ sink, sortMapKeys: true }));
    const keys = Object.keys(JSON.parse(text) as object);
    assert.deepEqual(keys, keys.toSorted());
    assert.deepEqual(JSON.parse(text), JSON.parse(FULL_JSON));
  });

  it('keeps every line parsable with any characters in a tag', async () => {
    const tags = ['\u0000\n\t"\\', 'ж'.repeat(3000), '\ud800', '', 'x'.repeat(100_000)];
    const text = await textOf(from(tags.map((tag) => sampleOf({ tag }))), jsonlines);
    const read = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { tag: string }).tag);
    assert.deepEqual(read, tags);
  });

  it('writes a sample of any other shape as it is', async () => {
    const sample = { b: 1 / 3, a: { d: [2.5], c: 1 }, release: () => {} };
    assert.equal(await textOf(of(sample), jsonlines), '{"b":0.3333333333333333,"a":{"d":[2.5],"c":1}}\n');
    const options = { sortMapKeys: true, marshalFloatWith6Digits: true };
    const text = await textOf(of(sample), ({ sink }) => jsonlines({ sink, ...options }));
    assert.equal(text, '{"a":{"c":1,"d":[2.5]},"b":0.333333}\n');
  });
});

describe('csv', () => {
  it('writes a header and one record per sample, with quotes where necessary', async () => {
    const text = await textOf(of(full(), sampleOf({ tag: 'x,y' })), ({ sink }) =>
      csv({ sink, columns: ['time', 'tag', 'instance', 'response_us'] }),
    );
    assert.equal(
      text,
      'time,tag,instance,response_us\n1700000000.010500,"a ""b""",3,13250\n1700000000.000000,"x,y",0,0\n',
    );
  });

  it('writes all columns by default, in the order of jsonlines', async () => {
    const [header, record] = (await textOf(of(full()), csv)).split('\n') as [string, string];
    const expected = JSON.parse(FULL_JSON) as Record<string, unknown>;
    assert.deepEqual(header.split(','), Object.keys(expected));
    assert.equal(record.split(',').length, header.split(',').length);
  });

  it('supports another delimiter, no header, and more samples than fit into a batch', async () => {
    const samples = Array.from({ length: 150 }, (_, id) => sampleOf({ id, tag: 'a;b' }));
    const text = await textOf(from(samples), ({ sink }) =>
      csv({ sink, header: false, delimiter: ';', columns: ['id', 'tag'] }),
    );
    assert.equal(text, samples.map(({ id }) => `${id};"a;b"\n`).join(''));
  });

  it("writes ' before a text that a spreadsheet would run as a formula, unless it is switched off", async () => {
    const tags = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', 'a=1'];
    const write = (options: object): Promise<string> =>
      textOf(from(tags.map((tag) => sampleOf({ tag, instance: -1 }))), ({ sink }) =>
        csv({ sink, header: false, columns: ['tag', 'instance'], ...options }),
      );
    assert.equal(await write({}), "'=1+1,-1\n'+1,-1\n'-1,-1\n'@SUM(A1),-1\n'\t=1,-1\na=1,-1\n");
    assert.equal(await write({ escapeFormulas: false }), '=1+1,-1\n+1,-1\n-1,-1\n@SUM(A1),-1\n\t=1,-1\na=1,-1\n');
  });

  it('writes the header also without a shot', async () => {
    assert.equal(await textOf(of(), ({ sink }) => csv({ sink, columns: ['id'] })), 'id\n');
  });
});

describe('discard', () => {
  it('counts the samples only', async () => {
    const reports = await lastValueFrom(of(1, 2, 3).pipe(discard(), toArray()));
    assert.deepEqual(reports, [{ from: 'discard', received: 3, dropped: 0, final: true }]);
  });
});

const sink = new MemorySink();
const sinkCodec = scalar<ConfiguredComponent<'sink'>>('a sink', (raw) => {
  const name = raw instanceof Reference ? raw.text : raw;
  if (typeof name !== 'string') return { code: 'wrong-type' };
  return { value: { kind: 'sink', name, options: {}, create: () => sink, describe: () => name, traits: {} } };
});
// These options contain sinks only.
const plugins = { sink: sinkCodec } as unknown as PartCodecs;
const logged: string[] = [];
const deps = { scheduler: realTimeScheduler, log: { info: (line: string) => logged.push(line) } } as unknown as Deps;

describe('log', () => {
  it('logs the phout line with id of each sample', async () => {
    await lastValueFrom(of(sampleOf({ tag: 't', id: 0 }), sampleOf({ id: 5 })).pipe(logSamples.create({}, deps)));
    assert.deepEqual(logged, [
      'Sample reported: 1700000000.000\tt#0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t200',
      'Sample reported: 1700000000.000\t#5\t0\t0\t0\t0\t0\t0\t0\t0\t0\t200',
    ]);
  });
});

describe('aggregator options', () => {
  const destinations: readonly (readonly [raw: object, name: string])[] = [
    [{}, 'stdout'],
    [{ destination: '' }, 'stdout'],
    [{ destination: null }, 'stdout'],
    [{ destination: new Reference('', '${X}') }, 'stdout'],
    [{ destination: './phout.log' }, './phout.log'],
  ];
  for (const [raw, name] of destinations) {
    it(`phout ${JSON.stringify(raw)} goes to ${name}`, () => {
      const decoded = phout.options(plugins).decode(raw);
      if (isLeft(decoded)) assert.fail('not accepted');
      assert.equal(decoded.right.destination.name, name);
      const running = NEVER.pipe(phout.create(decoded.right, deps)).subscribe();
      running.unsubscribe();
    });
  }

  it('phout has the defaults of Pandora', () => {
    const decoded = phout.options(plugins).decode({ 'buffer-size': '1kb', FLUSH_TIME: '250ms' });
    if (isLeft(decoded)) assert.fail('not accepted');
    const { id, bufferSize, sampleQueueSize, flushTime } = decoded.right;
    assert.deepEqual([id, bufferSize, sampleQueueSize, flushTime], [false, 1024, 262_144, 250]);
  });

  const rows: readonly (readonly [
    sentence: string,
    component: typeof jsonlines | typeof csv,
    raw: object,
    code?: string,
  ])[] = [
    ['jsonlines takes a size as text', jsonlines, { sink: 'x', 'buffer-size': '8mb' }],
    ['json takes the same options', json, { sink: 'x', 'sort-map-keys': true, 'marshal-float-with-6-digits': true }],
    ['jsonlines needs a sink', jsonlines, {}, 'required'],
    ['jsonlines needs room for a sample', jsonlines, { sink: 'x', 'sample-queue-size': 0 }, 'min'],
    ['csv takes columns and a delimiter', csv, { sink: 'x', columns: ['time', 'tag'], delimiter: '\t' }],
    ['csv refuses an unknown column', csv, { sink: 'x', columns: ['tme'] }, 'one-of'],
    ['csv refuses a delimiter that breaks records', csv, { sink: 'x', delimiter: '\n' }, 'bad-value'],
  ];
  for (const [sentence, component, raw, code] of rows) {
    it(sentence, () => {
      const decoded = component.options(plugins).decode(raw);
      assert.equal(isLeft(decoded) ? (decoded.left as readonly { code?: string }[])[0]?.code : undefined, code);
    });
  }
});
