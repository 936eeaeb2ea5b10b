import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSocket } from 'node:dgram';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import protobuf from 'protobufjs';
import { freePort } from '../freePort.js';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import type { Bench } from './elpis.js';

/** Waits until a condition holds, for at most 20 s. */
async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const found = await ask().catch(() => undefined);
    if (found !== undefined) return found;
    await wait(100);
  }
  assert.fail(`${what} did not happen`);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** 30 shots in 1.5 s. */
const SHORT = { uris: '"/ home"', rps: '{type: const, ops: 20, duration: 1500ms}', startup: '{type: once, times: 2}' };

/** The part of OTLP's messages that the spec reads (https://github.com/open-telemetry/opentelemetry-proto, metrics.proto). */
const OTLP = protobuf
  .parse(`syntax = "proto3";
message Request { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeMetrics { repeated Metric metrics = 2; }
message Metric { string name = 1; string unit = 3; Sum sum = 7; Histogram histogram = 9; }
message Sum { repeated Number data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
message Number { fixed64 time_unix_nano = 3; double as_double = 4; repeated KeyValue attributes = 7; }
message Histogram { repeated Distribution data_points = 1; }
message Distribution { fixed64 count = 4; double sum = 5; repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7; }
message KeyValue { string key = 1; Value value = 2; }
message Value { string string_value = 1; }`)
  .root.lookupType('Request');

describe('outputs', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });
  let folder: string;
  const running: ChildProcess[] = [];
  const servers: Server[] = [];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'elpis-outputs-'));
  });
  after(async () => {
    for (const child of running) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs 30 shots with these observers. */
  function shot(observers: string) {
    bench.write('load.yaml', config(`127.0.0.1:${target.port}`, { ...SHORT, extra: `observers: [${observers}]` }));
    return bench.run(['run', 'load.yaml']);
  }

  function start(program: string, args: readonly string[]): void {
    running.push(spawn(program, args, { stdio: 'ignore', cwd: folder }));
  }

  /** A server that collects requests. */
  async function collecting(status = 200) {
    const requests: { readonly path: string; readonly headers: IncomingMessage['headers']; readonly body: Buffer }[] =
      [];
    const server = createServer(async (request, response) => {
      requests.push({ path: request.url ?? '', headers: request.headers, body: await bodyOf(request) });
      response.writeHead(status).end('sorry');
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  it('Prometheus receives all operations by remote write', async () => {
    const port = await freePort();
    writeFileSync(join(folder, 'prometheus.yml'), 'global: {scrape_interval: 1h}\n');
    start('prometheus', [
      ...['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`],
      '--web.enable-remote-write-receiver',
    ]);
    const api = `http://127.0.0.1:${port}`;
    await until('the start of Prometheus', async () => ((await fetch(`${api}/-/ready`)).ok ? true : undefined));
    const { code, stderr } = await shot(`{type: prometheus-remote-write, url: "${api}/api/v1/write"}`);
    assert.equal(code, 0, stderr);
    const value = async (query: string): Promise<string | undefined> => {
      const response = await fetch(`${api}/api/v1/query?query=${encodeURIComponent(query)}`);
      const { data } = (await response.json()) as { data: { result: readonly { value: readonly [number, string] }[] } };
      return data.result[0]?.value[1];
    };
    const ok = 'elpis_operations_total{pool="main",tag="home",scope="tag",outcome="ok"}';
    assert.equal(await until('the value', () => value(ok)), '30');
    assert.equal(await value('elpis_response_time_seconds_count{tag="home"}'), '30');
    assert.equal(await value('elpis_response_time_seconds_bucket{tag="home",le="+Inf"}'), '30');
    assert.ok(Number(await value('histogram_quantile(0.5, elpis_response_time_seconds_bucket{tag="home"})')) > 0);
  });

  it('Prometheus reads the page of `prometheus`', async () => {
    const [port, own] = [await freePort(), await freePort()];
    const scrape = `scrape_configs: [{job_name: elpis, scrape_interval: 200ms, scrape_timeout: 200ms, static_configs: [{targets: ["127.0.0.1:${own}"]}]}]`;
    writeFileSync(join(folder, 'scrape.yml'), `${scrape}\n`);
    start('prometheus', [
      ...['--config.file=scrape.yml', '--storage.tsdb.path=scraped', `--web.listen-address=127.0.0.1:${port}`],
    ]);
    const api = `http://127.0.0.1:${port}`;
    await until('the start of Prometheus', async () => ((await fetch(`${api}/-/ready`)).ok ? true : undefined));
    // Prometheus finds its targets some seconds after its start.
    await until('the discovery of the target', async () => {
      const found = (await (await fetch(`${api}/api/v1/targets`)).json()) as {
        data: { activeTargets: readonly unknown[] };
      };
      return found.data.activeTargets.length > 0 ? true : undefined;
    });
    const { code, stderr } = await shot(`{type: prometheus, port: ${own}}`);
    assert.equal(code, 0, stderr);
    const query = encodeURIComponent('max_over_time(elpis_operations_total{outcome="ok"}[1m])');
    const { data } = (await (await fetch(`${api}/api/v1/query?query=${query}`)).json()) as {
      data: { result: readonly { value: readonly [number, string] }[] };
    };
    const seen = Number(data.result[0]?.value[1]);
    assert.ok(seen >= 15 && seen <= 30, String(seen));
  });

  it('InfluxDB receives a point for each window, pool and tag', async () => {
    const [port, rpc] = [await freePort(), await freePort()];
    const file = `reporting-disabled = true\nbind-address = "127.0.0.1:${rpc}"\n[meta]\ndir = "${folder}/meta"\n[data]\ndir = "${folder}/tsm"\nwal-dir = "${folder}/wal"\n[http]\nbind-address = "127.0.0.1:${port}"\n`;
    writeFileSync(join(folder, 'influx.toml'), file);
    start('influxd', ['-config', 'influx.toml']);
    const api = `http://127.0.0.1:${port}`;
    const ask = async (q: string): Promise<unknown> =>
      (await fetch(`${api}/query?db=load`, { method: 'POST', body: new URLSearchParams({ q }) })).json();
    await until('the start of InfluxDB', () => ask('CREATE DATABASE load'));
    const { code, stderr } = await shot(`{type: influx, url: "${api}/write?db=load", tags: {run: "7"}}`);
    assert.equal(code, 0, stderr);
    const found = (await ask(`SELECT SUM(ok) FROM elpis WHERE "tag" = 'home' AND run = '7'`)) as {
      results: readonly { series: readonly { values: readonly (readonly [string, number])[] }[] }[];
    };
    assert.equal(found.results[0]?.series[0]?.values[0]?.[1], 30);
  });

  it('an OTLP receiver gets sums and histograms that only grow, with the headers of the config', async () => {
    const { requests, url } = await collecting();
    const { code, stderr } = await shot(
      `{type: otlp, url: "${url}/v1/metrics", headers: ["[X-Key: secret]"], resource: {deployment: test}}`,
    );
    assert.equal(code, 0, stderr);
    const last = requests.at(-1);
    assert.deepEqual([last?.path, last?.headers['x-key']], ['/v1/metrics', 'secret']);
    const decoded = OTLP.toObject(OTLP.decode(last?.body ?? Buffer.alloc(0)), { longs: Number }) as {
      resourceMetrics: readonly {
        resource: { attributes: readonly { key: string; value: { stringValue: string } }[] };
        scopeMetrics: readonly {
          metrics: readonly {
            name: string;
            sum?: { isMonotonic: boolean; aggregationTemporality: number; dataPoints: readonly { asDouble: number }[] };
            histogram?: {
              dataPoints: readonly {
                count: number;
                bucketCounts: readonly number[];
                explicitBounds: readonly number[];
              }[];
            };
          }[];
        }[];
      }[];
    };
    const [resource] = decoded.resourceMetrics;
    const attributes = Object.fromEntries(
      resource?.resource.attributes.map(({ key, value }) => [key, value.stringValue]) ?? [],
    );
    assert.deepEqual([attributes['service.name'], attributes.deployment], ['elpis', 'test']);
    const metrics = resource?.scopeMetrics[0]?.metrics ?? [];
    const named = (name: string) => metrics.find((metric) => metric.name === name);
    const operations = named('elpis_operations')?.sum;
    assert.deepEqual(
      [operations?.isMonotonic, operations?.aggregationTemporality, operations?.dataPoints[0]?.asDouble],
      [true, 2, 30],
    );
    const [response] = named('elpis_response_time_seconds')?.histogram?.dataPoints ?? [];
    assert.equal(response?.count, 30);
    assert.equal(
      response?.bucketCounts.reduce((sum, count) => sum + count, 0),
      30,
    );
    assert.equal(response?.bucketCounts.length, (response?.explicitBounds.length ?? 0) + 1);
  });

  it('StatsD receives the counts of all windows', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    let ok = 0;
    socket.on('message', (datagram) => {
      for (const [, count] of String(datagram).matchAll(/^elpis\.main\.tag\.home\.ok:(\d+)\|c$/gm)) ok += Number(count);
    });
    const { code, stderr } = await shot(`{type: statsd, target: "127.0.0.1:${socket.address().port}"}`);
    assert.equal(code, 0, stderr);
    await until('the last datagram', async () => (ok === 30 ? true : undefined));
    socket.close();
  });

  it('a webhook is called at the start and at the end, with the summary', async () => {
    const { requests, url } = await collecting();
    const { code, stderr } = await shot(`{type: webhook, url: "${url}/hook"}`);
    assert.equal(code, 0, stderr);
    const calls = requests.map(
      ({ body }) =>
        JSON.parse(String(body)) as { event: string; summary?: { pools: readonly { total: { shots: number } }[] } },
    );
    assert.deepEqual(
      calls.map(({ event }) => event),
      ['start', 'end'],
    );
    assert.equal(calls[1]?.summary?.pools[0]?.total.shots, 30);
  });

  it('a file has a row for each window, pool and tag', async () => {
    const { code, stderr } = await shot(
      '{type: time-series, file: ./windows.csv}, {type: time-series, file: ./windows.jsonl}',
    );
    assert.equal(code, 0, stderr);
    const rows = bench
      .read('windows.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { scope: string; ok: number });
    assert.equal(
      rows.filter(({ scope }) => scope === 'tag').reduce((sum, { ok }) => sum + ok, 0),
      30,
    );
    assert.equal(bench.read('windows.csv').trim().split('\n').length, rows.length + 1);
  });

  it('a receiver that is down, or refuses everything, does not fail the run and is told with the number', async () => {
    const { url } = await collecting(500);
    const { code, stdout, stderr } = await shot(
      `{type: influx, url: "${url}/write?db=x"}, {type: otlp, url: "http://127.0.0.1:${await freePort()}/v1/metrics"}`,
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /influx at \S+: \d of \d windows were not sent: status 500: sorry/);
    assert.match(stdout, /otlp to \S+: \d of \d metrics were not sent/);
  });
});
