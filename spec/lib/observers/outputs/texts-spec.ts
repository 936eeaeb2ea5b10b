import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { from as fromList, of, toArray } from 'rxjs';
import { NO_CONNECTIONS } from '../../../../lib/measure/connectionCounts.js';
import { everyInterval } from '../../../../lib/observers/outputs/everyInterval.js';
import { promText } from '../../../../lib/observers/outputs/promSeries.js';
import { RunMetrics } from '../../../../lib/observers/outputs/runMetrics.js';
import { datagrams, statsdLines } from '../../../../lib/observers/outputs/statsd.js';
import { influxLines } from '../../../../lib/record/influxLines.js';
import { type SeriesRow, seriesRows } from '../../../../lib/record/seriesRows.js';
import { WindowRecorder } from '../../../../lib/measure/windowRecorder.js';
import { timed } from '../../../operators/timed.js';
import { someRun, someWindow } from './someRun.js';

function metricsOf(seconds: number, tag?: string) {
  const metrics = new RunMetrics();
  for (const event of someRun(seconds, tag)) metrics.add(event);
  return metrics;
}

const linesOf = (text: string, begin: string): readonly string[] =>
  text.split('\n').filter((line) => line.startsWith(begin));

describe('RunMetrics, as the text of Prometheus', () => {
  it('has counters that only grow', () => {
    assert.deepEqual(linesOf(promText(metricsOf(2).all), 'elpis_operations_total'), [
      'elpis_operations_total{pool="a",scope="tag",tag="home",outcome="ok"} 4',
      'elpis_operations_total{pool="a",scope="tag",tag="home",outcome="failed"} 2',
      'elpis_operations_total{pool="a",scope="tag",tag="home",outcome="discarded"} 2',
    ]);
  });

  it('has histograms with cumulative buckets in seconds, their sum and their count', () => {
    const lines = linesOf(promText(metricsOf(1).all), 'elpis_response_time_seconds');
    const value = (le: string): string | undefined => lines.find((line) => line.includes(`le="${le}"`))?.split(' ')[1];
    assert.deepEqual(['0.01', '0.025', '0.25', '0.5', '60', '+Inf'].map(value), ['0', '2', '2', '3', '3', '3']);
    assert.equal(lines.at(-1), 'elpis_response_time_seconds_count{pool="a",scope="tag",tag="home"} 3');
    assert.equal(lines.at(-2), 'elpis_response_time_seconds_sum{pool="a",scope="tag",tag="home"} 0.44');
  });

  it('has the connections: sums, those that are open, and the times of their phases', () => {
    const text = promText(metricsOf(2).all);
    assert.deepEqual(linesOf(text, 'elpis_connections'), [
      'elpis_connections_opened_total{pool="a"} 6',
      'elpis_connections_failed_total{pool="a"} 0',
      'elpis_connections_reused_total{pool="a"} 10',
      'elpis_connections_closed_total{pool="a",by="target"} 2',
      'elpis_connections_closed_total{pool="a",by="generator"} 0',
      'elpis_connections_closed_total{pool="a",by="broken"} 0',
    ]);
    assert.deepEqual(linesOf(text, 'elpis_open_connections'), ['elpis_open_connections{pool="a"} 4']);
    assert.deepEqual(linesOf(text, 'elpis_connection_phase_seconds_count'), [
      'elpis_connection_phase_seconds_count{pool="a",phase="connect"} 6',
    ]);
  });

  it('has none of guns without connections', () => {
    const metrics = new RunMetrics();
    const window = { ...someWindow(0), connections: structuredClone(NO_CONNECTIONS) };
    metrics.add({ type: 'window', pool: 'a', at: 1, window });
    assert.deepEqual(linesOf(promText(metrics.all), 'elpis_connection'), []);
  });

  it('has a header with type and help for each name, once', () => {
    const text = promText(metricsOf(3).all);
    const types = linesOf(text, '# TYPE');
    assert.equal(new Set(types).size, types.length);
    assert.ok(types.includes('# TYPE elpis_instances gauge'));
    assert.ok(types.includes('# TYPE elpis_failures_total counter'));
    assert.equal(linesOf(text, '# HELP').length, types.length);
  });

  it('escapes tags', () => {
    assert.match(promText(metricsOf(1, 'a"b\\c\nd').all), /tag="a\\"b\\\\c\\nd"/);
  });

  it('writes infinities in the way of the format', () => {
    const text = promText([
      {
        name: 'x',
        help: 'x.',
        unit: '1',
        kind: 'gauge',
        points: [1e300 * 1e300, -1e300 * 1e300, Number.NaN, 1e21].map((value, i) => ({
          labels: { i: String(i) },
          value,
        })),
      },
    ]);
    assert.deepEqual(
      linesOf(text, 'x{').map((line) => line.split(' ')[1]),
      ['+Inf', '-Inf', 'NaN', '1e+21'],
    );
  });

  it('has labels in correct UTF-8', () => {
    const [operations] = metricsOf(1, 'a\ud800b\u{1F600}').all;
    assert.equal(operations?.points[0]?.labels.tag, 'a\ufffdb\u{1F600}');
  });

  it('has groups and scenarios beside tags, by their scope', () => {
    const metrics = new RunMetrics();
    const window = someWindow(0);
    const more = { groups: new Map([['cart', window.total]]), scenarios: new Map([['shop', window.total]]) };
    metrics.add({ type: 'window', pool: 'a', at: 1, window: { ...window, ...more } });
    assert.deepEqual(
      linesOf(promText(metrics.all), 'elpis_received_bytes_total').map((line) => line.replace(/.*pool="a",/, '')),
      ['scope="tag",tag="home"} 900', 'scope="group",tag="cart"} 900', 'scope="scenario",tag="shop"} 900'],
    );
  });

  it('has the utilisation of the event loop in the last window', () => {
    const metrics = new RunMetrics();
    for (const activeMs of [900, 250]) {
      const window = someWindow(0);
      const loop = { ...window.loop, activeMs, idleMs: 1000 - activeMs };
      metrics.add({ type: 'window', pool: 'a', at: 1, window: { ...window, loop } });
    }
    assert.deepEqual(linesOf(promText(metrics.all), 'elpis_event_loop'), [
      'elpis_event_loop_utilization_ratio{pool="a"} 0.25',
    ]);
  });

  it('has the operations of the plan, the waits and the counters of a pool', () => {
    const text = promText(metricsOf(2).all);
    for (const line of [
      'elpis_planned_operations_total{pool="a"} 8',
      'elpis_started_operations_total{pool="a"} 6',
      'elpis_lateness_seconds_count{pool="a"} 2',
      'elpis_slot_wait_seconds_count{pool="a"} 0',
      'elpis_events_total{pool="a",name="retries"} 4',
      'elpis_sent_bytes_total{pool="a",scope="tag",tag="home"} 60',
      'elpis_responses_total{pool="a",scope="tag",tag="home",status="200"} 4',
      'elpis_failures_total{pool="a",scope="tag",tag="home",reason="timeout",net_code="110"} 2',
      'elpis_service_time_seconds_count{pool="a",scope="tag",tag="home"} 6',
      'elpis_instances{pool="a"} 5',
      'elpis_in_flight_operations{pool="a"} 1',
    ])
      assert.ok(text.includes(`${line}\n`), line);
  });

  it("has the user's metrics: sums and shares of all windows, gauges and quantiles of the last one", () => {
    const metrics = new RunMetrics();
    for (const [from, value] of [
      [0, 1],
      [1000, 2],
    ] as const) {
      const recorder = new WindowRecorder({ from, tagLimit: 10 });
      const sample = timed(5, {
        metrics: [
          { kind: 'check', name: 'is "in"', passed: true },
          { kind: 'check', name: 'is "in"', passed: false },
          { kind: 'rate', name: 'cached', passed: true },
          { kind: 'counter', name: 'items', value: 1.5 },
          { kind: 'gauge', name: 'queue', value: -value },
          ...Array.from({ length: 100 }, (_, i) => ({ kind: 'trend' as const, name: 'db ms', value: value * (i + 1) })),
        ],
      });
      recorder.record(sample);
      metrics.add({ type: 'window', pool: 'a', at: from, window: recorder.close(from + 1000) });
    }
    const text = promText(metrics.all);
    assert.deepEqual(linesOf(text, 'elpis_checks_total'), [
      'elpis_checks_total{pool="a",name="is \\"in\\"",result="true"} 2',
      'elpis_checks_total{pool="a",name="is \\"in\\"",result="false"} 2',
    ]);
    assert.deepEqual(linesOf(text, 'elpis_user'), [
      'elpis_user_counter_total{pool="a",name="items"} 3',
      'elpis_user_rate_total{pool="a",name="cached",result="true"} 2',
      'elpis_user_rate_total{pool="a",name="cached",result="false"} 0',
      'elpis_user_gauge{pool="a",name="queue"} -2',
      'elpis_user_trend{pool="a",name="db ms",quantile="0.5"} 100',
      'elpis_user_trend{pool="a",name="db ms",quantile="0.9"} 180',
      'elpis_user_trend{pool="a",name="db ms",quantile="0.95"} 190',
      'elpis_user_trend{pool="a",name="db ms",quantile="0.99"} 198',
      'elpis_user_trend_values_total{pool="a",name="db ms"} 200',
    ]);
  });

  it('counts values above the last bound in the last bucket only', () => {
    const metrics = new RunMetrics();
    const window = someWindow(0);
    const long = {
      ...window.total,
      response: { ...window.total.response, sumUs: 1e8, buckets: Float64Array.of(1e8, 7), count: 7 },
    };
    metrics.add({ type: 'window', pool: 'a', at: 1, window: { ...window, tags: new Map([['home', long]]) } });
    const lines = linesOf(promText(metrics.all), 'elpis_response_time_seconds_bucket');
    assert.deepEqual(
      lines.slice(-2).map((line) => line.split(' ')[1]),
      ['0', '7'],
    );
  });

  it('adds the state of thresholds and what the process uses', () => {
    const metrics = metricsOf(1);
    const state = {
      condition: 'p99 < 1s',
      otherwise: 'fail' as const,
      violated: true,
      value: 2,
      limit: 1,
      unit: 'ms' as const,
      margin: -1,
    };
    metrics.add({
      type: 'thresholds',
      at: 2,
      states: [
        { ...state, status: 'fails' },
        { ...state, condition: 'x', status: 'pending' },
      ],
    });
    const reading = {
      spanMs: 1000,
      userMs: 200,
      systemMs: 50,
      rssBytes: 5,
      heapUsedBytes: 1,
      gcPauseMs: 0,
      longestGcPauseMs: 0,
    };
    for (const at of [3, 4])
      metrics.add({ type: 'process', at, reading: { ...reading, openFiles: null, openFilesLimit: null } });
    const text = promText(metrics.all);
    assert.deepEqual(linesOf(text, 'elpis_threshold_passes'), [
      'elpis_threshold_passes{pool="",condition="p99 < 1s"} 0',
    ]);
    assert.deepEqual(linesOf(text, 'elpis_process'), [
      'elpis_process_cpu_seconds_total 0.5',
      'elpis_process_resident_memory_bytes 5',
    ]);
  });
});

describe('everyInterval', () => {
  it('emits at most once in the interval, and at the end', () => {
    const moments: number[] = [];
    fromList(someRun(7))
      .pipe(everyInterval(3000))
      .subscribe(({ at }) => moments.push((at - 1_000_000) / 1000));
    assert.deepEqual(moments, [1, 4, 7, 7]);
  });

  it('takes a window that is some milliseconds early for the next one', () => {
    const moments: number[] = [];
    const jittered = someRun(7).map((event, i) => ({ ...event, at: event.at + (i === 2 ? 20 : 0) }));
    fromList(jittered)
      .pipe(everyInterval(2000))
      .subscribe(({ at }) => moments.push(Math.round((at - 1_000_000) / 1000)));
    assert.deepEqual(moments, [1, 3, 5, 7, 7]);
  });

  it('emits the end of a run without windows', () => {
    let all: readonly unknown[] = [];
    of(...someRun(0))
      .pipe(everyInterval(5000), toArray())
      .subscribe((emitted) => (all = emitted));
    assert.equal(all.length, 1);
  });
});

describe('the rows of a window', () => {
  const rowsOf = (tag: string) => seriesRows({ pool: 'a', window: someWindow(0, tag) });
  const rows = rowsOf('home page');

  it('as lines of InfluxDB with tags of the user, where a tag cannot end the line', () => {
    assert.match(influxLines(rows, { run: '7,8' }), /^elpis,run=7\\,8,pool=a,scope=total planned=4i,/);
    const broken = influxLines(rowsOf('x\ny z=1,q\\'));
    assert.equal(broken.split('\n').length, 3);
    assert.ok(broken.includes('tag=x\\ y\\ z\\=1\\,q\\\\ '));
  });

  it('as lines of StatsD, with the names or with tags of DogStatsD', () => {
    const [all, tagged] = rows as [SeriesRow, SeriesRow];
    assert.ok(statsdLines(all, 'load', 'none').includes('load.a.ended:3|c'));
    assert.ok(statsdLines(tagged, 'load', 'none').includes('load.a.tag.home_page.response_p99_ms:400|g'));
    assert.ok(statsdLines(tagged, 'load', 'dogstatsd').includes('load.ended:3|c|#pool:a,scope:tag,tag:home page'));
    assert.ok(!statsdLines(all, 'load', 'none').some((line) => line.includes('unfinished')));
  });
});

describe('lines of StatsD with strange names', () => {
  const lines = (tag: string, tags: 'none' | 'dogstatsd') =>
    seriesRows({ pool: 'po|ol\n#1', window: someWindow(0, tag) }).flatMap((row) => statsdLines(row, 'load', tags));

  it('are one line each, in which nothing ends a name or begins a tag', () => {
    for (const tags of ['none', 'dogstatsd'] as const)
      for (const line of lines('a:b|c,d#e\r\nf.g@h', tags)) {
        const [name, ...rest] = line.split('|');
        assert.match(name ?? '', /^[\w.-]+:-?[\d.e-]+$/);
        assert.deepEqual(rest.length, tags === 'none' ? 1 : 2, line);
        assert.ok(!/[\r\n]/.test(line));
      }
    assert.ok(lines('a.b c', 'none').includes('load.po_ol__1.tag.a_b_c.ok:2|c'));
    assert.ok(lines('a,b', 'dogstatsd').includes('load.ok:2|c|#pool:po_ol__1,scope:tag,tag:a_b'));
  });

  it('have a name for the empty tag', () => {
    assert.ok(lines('', 'none').includes('load.po_ol__1.tag.untagged.ok:2|c'));
  });

  it('have the first 200 characters of a tag, so that each fits into a datagram', () => {
    for (const tags of ['none', 'dogstatsd'] as const) {
      const long = lines('é'.repeat(100_000), tags);
      assert.ok(long.every((line) => Buffer.byteLength(line) < 1000));
      assert.ok(datagrams(long).every((datagram) => Buffer.byteLength(datagram) <= 1400));
    }
    assert.ok(lines('x'.repeat(300), 'none').includes(`load.po_ol__1.tag.${'x'.repeat(200)}.ok:2|c`));
    assert.ok(lines('x'.repeat(300), 'dogstatsd').some((line) => line.endsWith(`,tag:${'x'.repeat(200)}`)));
  });
});

describe('datagrams', () => {
  it('hold as many lines as 1400 bytes', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `elpis.a.tag.t${i}.ended:${i}|c`);
    const packed = datagrams(lines);
    assert.deepEqual(
      packed.flatMap((datagram) => datagram.split('\n')),
      lines,
    );
    assert.ok(packed.length > 1 && packed.every((datagram) => Buffer.byteLength(datagram) <= 1400));
  });
});
