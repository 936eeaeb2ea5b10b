import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import type { SummaryJson } from '../../lib/report/summaryJson.js';
import type { Target } from '../../lib/target/target.js';
import { builtGo, type GoProgram, withoutGo } from '../scripts/goProgram.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import type { Bench } from './elpis.js';

/** A point of a metric in the JSON of the official messages, where integers of 64 bits are text. */
interface Point {
  readonly attributes?: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble?: number;
  readonly count?: string;
  readonly sum?: number;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
}
interface OtlpMetric {
  readonly name: string;
  readonly unit?: string;
  readonly sum?: { readonly dataPoints: readonly Point[]; readonly isMonotonic?: boolean };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly dataPoints: readonly Point[]; readonly aggregationTemporality?: string };
}
interface Received {
  readonly requests: number;
  readonly last: {
    readonly resourceMetrics: readonly {
      readonly scopeMetrics: readonly { readonly metrics: readonly OtlpMetric[] }[];
    }[];
  };
}

const labelsOf = ({ attributes = [] }: Point): Readonly<Record<string, string>> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? '']));

/** The metrics of the last request, to look points up by name and labels. */
class Metrics {
  readonly #all: readonly OtlpMetric[];

  constructor({ last }: Received) {
    this.#all = last.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  }

  named(name: string): OtlpMetric {
    const found = this.#all.find((metric) => metric.name === name);
    assert.ok(found !== undefined, `no ${name}`);
    return found;
  }

  points(name: string, labels: Readonly<Record<string, string>> = {}): readonly Point[] {
    const { sum, gauge, histogram } = this.named(name);
    return (
      (sum ?? gauge ?? histogram)?.dataPoints.filter((point) => {
        const own = labelsOf(point);
        return Object.entries(labels).every(([label, value]) => own[label] === value);
      }) ?? []
    );
  }

  value(name: string, labels: Readonly<Record<string, string>>): number {
    return this.points(name, labels)[0]?.asDouble ?? 0;
  }
}

describe('the output otlp, at a receiver with the official messages in Go', {
  skip: withoutGo,
  timeout: 150_000,
}, () => {
  let program: GoProgram;
  let receiver: ChildProcess;
  let bench: Bench;
  let target: Target;
  const lines: string[] = [];
  before(() => {
    program = builtGo('scripts/go/otlp');
  });
  after(() => {
    receiver?.kill();
    program?.remove();
  });
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  it('all counts are those of the summary', async () => {
    receiver = spawn(program.path, { stdio: ['pipe', 'pipe', 'inherit'] });
    const reading = createInterface({ input: receiver.stdout as NonNullable<typeof receiver.stdout> });
    reading.on('line', (line) => lines.push(line));
    await once(reading, 'line');
    const otlp = `{type: otlp, url: "http://127.0.0.1:${lines[0]}/v1/metrics", every: 1s}`;
    // Half of a surrogate pair is no text in UTF-8: such a message would be refused as a whole.
    bench.write('ammo.json', JSON.stringify({ tag: 'half \ud800', uri: '/' }));
    const strange = `
  - {id: strange, gun: {type: http, target: "127.0.0.1:${target.port}"}, ammo: {type: http/json, file: ammo.json}, result: {type: discard}, rps: {type: once, times: 7}, startup: {type: once, times: 2}}`;
    const text = config(`127.0.0.1:${target.port}`, {
      uris: '"/ home", "/status/503 broken", "/ cart"',
      rps: '{type: const, ops: 60, duration: 2500ms}',
      result: '{type: discard}',
      extra: `${strange}\nthresholds: ["errors < 90%"]\nverdict: {ignore: [lateness, event-loop, busy, cpu, gc, stopped, missed-rate]}\nobservers: [${otlp}, {type: summary-json, file: summary.json}]\n`,
    });
    bench.write('load.yaml', text);
    const { code, stderr } = await bench.run(['run', 'load.yaml']);
    assert.equal(code, 0, stderr);
    receiver.stdin?.end();
    await once(reading, 'close');
    const received = JSON.parse(lines[1] ?? '') as Received;
    assert.ok(received.requests >= 2, `${received.requests} requests`);
    const metrics = new Metrics(received);
    const [pool] = (JSON.parse(bench.read('summary.json')) as SummaryJson).pools;
    assert.ok(pool !== undefined);
    assert.equal(metrics.value('elpis_planned_operations', { pool: 'main' }), pool.planned?.count);
    assert.equal(metrics.value('elpis_started_operations', { pool: 'main' }), pool.total.shots);
    assert.deepEqual(pool.tags.map(({ tag }) => tag).sort(), ['broken', 'cart', 'home']);
    for (const tag of pool.tags) {
      const labels = { pool: 'main', scope: 'tag', tag: tag.tag };
      const outcome = (name: string): number => metrics.value('elpis_operations', { ...labels, outcome: name });
      assert.equal(outcome('ok') + outcome('bad'), tag.shots);
      assert.equal(outcome('bad'), tag.badStatus);
      for (const { status, count } of tag.statuses)
        assert.equal(metrics.value('elpis_responses', { ...labels, status: String(status) }), count);
      assert.equal(metrics.value('elpis_sent_bytes', labels), tag.sentBytes);
      assert.equal(metrics.value('elpis_received_bytes', labels), tag.receivedBytes);
      for (const [name, time] of [
        ['elpis_response_time_seconds', tag.responseTimeMs],
        ['elpis_service_time_seconds', tag.serviceTimeMs],
      ] as const) {
        const [point, ...others] = metrics.points(name, labels);
        assert.ok(point !== undefined && others.length === 0);
        const counts = point.bucketCounts?.map(Number) ?? [];
        const bounds = point.explicitBounds ?? [];
        assert.equal(Number(point.count), time.count);
        assert.equal(
          counts.reduce((sum, count) => sum + count, 0),
          time.count,
        );
        assert.equal(counts.length, bounds.length + 1);
        assert.ok(
          Math.abs((point.sum ?? 0) * 1000 - time.mean * time.count) < 1e-6 * time.count,
          `${name}: ${point.sum}`,
        );
        // The first and the last bucket that are not empty are those of the shortest and the longest time.
        const holds = (bucket: number, seconds: number): boolean =>
          seconds * 1.001 >= (bounds[bucket - 1] ?? 0) && seconds * 0.999 <= (bounds[bucket] ?? Infinity);
        assert.ok(
          holds(
            counts.findIndex((count) => count > 0),
            time.min / 1000,
          ),
          `${name}: ${time.min} in ${counts}`,
        );
        assert.ok(
          holds(
            counts.findLastIndex((count) => count > 0),
            time.max / 1000,
          ),
          `${name}: ${time.max} in ${counts}`,
        );
      }
    }
    assert.equal(metrics.value('elpis_operations', { pool: 'strange', tag: 'half \ufffd', outcome: 'ok' }), 7);
    const opened = pool.connections?.opened;
    assert.ok(opened !== undefined && opened > 0);
    assert.equal(metrics.value('elpis_connections_opened', { pool: 'main' }), opened);
    assert.equal(metrics.value('elpis_threshold_passes', { condition: 'errors < 90%' }), 1);
    const { unit, histogram } = metrics.named('elpis_response_time_seconds');
    assert.deepEqual([unit, histogram?.aggregationTemporality], ['s', 'AGGREGATION_TEMPORALITY_CUMULATIVE']);
    const { sum } = metrics.named('elpis_operations');
    assert.equal(sum?.isMonotonic, true);
    // Moments are nanoseconds of this run: all sums begin with it, and were read at one moment after that.
    const [point] = sum?.dataPoints ?? [];
    const [from, to] = [Number(point?.startTimeUnixNano) / 1e6, Number(point?.timeUnixNano) / 1e6];
    assert.ok(to - from >= 2000 && to <= Date.now() && Date.now() - to < 60_000, `${from} to ${to}`);
  });
});
