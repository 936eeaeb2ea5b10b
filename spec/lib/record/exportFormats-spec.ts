import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { EXPORT_FORMATS } from '../../../lib/record/exportFormats.js';
import { SERIES_NUMBERS, seriesRows } from '../../../lib/record/seriesRows.js';
import { timed } from '../../operators/timed.js';

const recorder = new WindowRecorder({ from: 1_700_000_000_000, tagLimit: 10 });
recorder.record(timed(10, { tag: '=a, "b"\nc\\' }));
recorder.record(timed(30, { tag: 'plain', protoCode: 503, bytesIn: 7 }));
recorder.record(timed(0, { tag: 'none', outcome: 'discarded', protoCode: 0, instance: -1 }));
recorder.record(timed(50, { tag: 'shop', scope: 'scenario' }));
const window = recorder.close(1_700_000_001_000, { planned: 3, started: 2 });
const rows = seriesRows({ pool: 'my pool', window });
const START = 1_699_999_999_000;

describe('the rows of a time series', () => {
  it('are the total, then each tag, group and scenario', () => {
    assert.deepEqual(
      rows.map(({ scope, tag, numbers: { ended, bad, discarded } }) => [scope, tag, ended, bad, discarded]),
      [
        ['total', '', 2, 1, 1],
        ['tag', '=a, "b"\nc\\', 1, 0, 0],
        ['tag', 'plain', 1, 1, 0],
        ['tag', 'none', 0, 0, 1],
        ['scenario', 'shop', 1, 0, 0],
      ],
    );
    assert.deepEqual(Object.keys(rows[0]?.numbers ?? {}), [...SERIES_NUMBERS]);
  });

  it('have times in milliseconds, rates per second, and null where there is nothing', () => {
    const [total, , plain, none] = rows;
    assert.equal(total?.numbers.planned, 3);
    assert.equal(total.numbers.ended_per_second, 2);
    assert.equal(total.numbers.response_mean_ms, 20);
    assert.equal(plain?.numbers.response_max_ms, 30);
    assert.equal(plain.numbers.lateness_p99_ms, null);
    assert.equal(none?.numbers.response_p99_ms, null);
  });
});

describe('the formats of elpis export', () => {
  it('csv has a line of names and can be read again; a formula is text', () => {
    const { head, rows: body } = EXPORT_FORMATS.csv;
    const read = parse(head(START) + body(rows, START), { columns: true }) as Record<string, string>[];
    assert.equal(read.length, 5);
    assert.deepEqual([read[1]?.tag, read[1]?.response_p50_ms, read[3]?.response_p50_ms], ['\'=a, "b"\nc\\', '10', '']);
  });

  it('jsonl has an object for each row', () => {
    const objects = EXPORT_FORMATS.jsonl
      .rows(rows, START)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(objects.length, 5);
    assert.deepEqual([objects[1]?.tag, objects[1]?.ok, objects[3]?.service_p50_ms], ['=a, "b"\nc\\', 1, null]);
    assert.ok(!('response' in (objects[0] ?? {})));
  });

  it('influx escapes names, has no empty tag, and leaves out what is null', () => {
    const lines = EXPORT_FORMATS.influx.rows(rows, START).trimEnd().split('\n');
    assert.equal(lines.length, 5);
    assert.match(
      lines[0] ?? '',
      /^elpis,pool=my\\ pool,scope=total planned=3i,started=2i,ended=2i,.*,ended_per_second=2,/,
    );
    assert.ok(lines[1]?.startsWith('elpis,pool=my\\ pool,scope=tag,tag=\\=a\\,\\ "b"\\ c\\\\ ended=1i,'), lines[1]);
    assert.match(lines[3] ?? '', / ended=0i,.*discarded=1i/);
    assert.ok(!/p50/.test(lines[3] ?? ''));
    assert.match(lines[0] ?? '', / 1700000001000000000$/);
  });

  it('hdr has a line for each histogram, with a tag that its tools can read', () => {
    const { head, rows: body } = EXPORT_FORMATS.hdr;
    assert.match(head(START), /^#\[Histogram log format version 1\.3\]\n#\[StartTime: 1699999999\.000 /);
    const lines = body(rows, START)
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    assert.deepEqual(
      lines.map(([tag, from, length, max]) => [tag, from, length, max]),
      [
        ['Tag=my_pool', '1.000', '1.000', '30.000'],
        ['Tag=my_pool/tag/=a_"b"_c\\', '1.000', '1.000', '10.000'],
        ['Tag=my_pool/tag/plain', '1.000', '1.000', '30.000'],
        ['Tag=my_pool/scenario/shop', '1.000', '1.000', '50.000'],
      ],
    );
    const histogram = decodeFromCompressedBase64(lines[0]?.[4] ?? '');
    assert.deepEqual([histogram.totalCount, histogram.maxValue >= 30_000], [2, true]);
  });
});
