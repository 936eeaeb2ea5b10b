import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { lastValueFrom, Subject } from 'rxjs';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { dashboard, serveDashboard } from '../../../lib/observers/dashboard.js';
import { LISTEN_FORM, listenAddress } from '../../../lib/observers/listenAddress.js';
import { report, writeReportTo } from '../../../lib/observers/report.js';
import { FakeRunHandle } from '../../../lib/testing/fakeRunHandle.js';
import { started } from '../view/sampleEvents.js';

const FILES = { script: 'page();', style: 'p {}' };

function listening(host = '127.0.0.1', port = 0) {
  const events = new Subject<RunEvent>();
  const handle = new FakeRunHandle();
  let done: Promise<unknown> | undefined;
  const url = new Promise<string>((resolve) => {
    const observer = serveDashboard({ host, port, files: FILES, onListening: resolve });
    done = lastValueFrom(observer(events, handle), { defaultValue: 'completed' });
  });
  return { events, handle, url, done: () => done };
}

describe('the dashboard', () => {
  it('serves the page until the run ends, and then completes at once without readers', async () => {
    const { events, url, done } = listening();
    const address = await url;
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/$/, 'no token on loopback');
    assert.equal((await fetch(address)).status, 200);
    events.complete();
    assert.equal(await done(), 'completed');
    await assert.rejects(fetch(address));
  });

  it('waits until its readers have the end of the run', async () => {
    const { events, url, done } = listening();
    const response = await fetch(`${await url}events`);
    for (const event of started('main')) events.next(event);
    events.complete();
    const text = await response.text();
    assert.ok(text.endsWith('event: end\ndata: {}\n\n'), text);
    assert.equal(await done(), 'completed');
  });

  it('has a token of its own on every other address', async () => {
    const [first, second] = [listening('0.0.0.0'), listening('0.0.0.0')];
    const [a, b] = [new URL(await first.url), new URL(await second.url)];
    assert.match(a.hash, /^#[\w-]{22}$/);
    assert.notEqual(a.hash, b.hash);
    assert.equal((await fetch(`http://127.0.0.1:${a.port}/events`)).status, 401);
    for (const { events, done } of [first, second]) {
      events.complete();
      await done();
    }
  });

  it('fails with ELPIS_LISTEN when the port is taken', async () => {
    const first = listening();
    const { port } = new URL(await first.url);
    const second = listening('127.0.0.1', Number(port));
    await assert.rejects(async () => second.done(), { code: 'ELPIS_LISTEN' });
    first.events.complete();
    await first.done();
  });

  it('steers the run, and its options have a default', () => {
    const decoded = dashboard.options().decode({});
    assert.ok(!isLeft(decoded));
    assert.deepEqual(decoded.right, { listen: { host: '127.0.0.1', port: 0 } });
    assert.equal(dashboard.traits(decoded.right).steers, true);
    assert.equal(dashboard.describe(decoded.right), 'dashboard on 127.0.0.1:a free port');
  });
});

describe('the address of a dashboard', () => {
  /** [written, host and port, or undefined when it is refused] */
  const TABLE: readonly [string | number, readonly [string, number] | undefined][] = [
    ['127.0.0.1:9090', ['127.0.0.1', 9090]],
    ['9090', ['127.0.0.1', 9090]],
    [9090, ['127.0.0.1', 9090]],
    ['0', ['127.0.0.1', 0]],
    ['0.0.0.0', ['0.0.0.0', 0]],
    ['load-1.example:8080', ['load-1.example', 8080]],
    ['[::1]:8080', ['::1', 8080]],
    ['[::]', ['::', 0]],
    ['host:65535', ['host', 65_535]],
    ['host:65536', undefined],
    ['::1', undefined],
    ['[load]:80', undefined],
    ['http://host:80', undefined],
    ['host:', undefined],
    ['', undefined],
  ];
  for (const [written, expected] of TABLE)
    it(`${JSON.stringify(written)} ${expected === undefined ? 'is refused' : `is ${expected.join(' and ')}`}`, () => {
      const decoded = listenAddress.decode(written);
      if (expected === undefined) return assert.ok(isLeft(decoded));
      assert.ok(!isLeft(decoded));
      const [host, port] = expected;
      assert.deepEqual(decoded.right, { host, port });
      assert.deepEqual(listenAddress.decode(listenAddress.encode(decoded.right)), decoded);
    });

  it('after an option is told from the name of a config', () => {
    const words = ['9090', '127.0.0.1:9090', ':9090', '[::1]:0', 'load.yaml', './load', 'a/b:80', '-', 'http://a:80'];
    assert.deepEqual(
      words.map((word) => LISTEN_FORM.test(word)),
      [true, true, true, true, false, false, false, false, false],
    );
  });
});

describe('the report', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'elpis-report-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is written at the end of the run, also of a failed one', async () => {
    const file = join(folder, 'run.html');
    const events = new Subject<RunEvent>();
    const done = lastValueFrom(writeReportTo({ file, files: FILES })(events, new FakeRunHandle()), {
      defaultValue: 'completed',
    });
    for (const event of started('main')) events.next(event);
    events.next({ type: 'run-finished', at: 2e6, summaries: [], failure: { code: 'ELPIS_GUN', message: 'no' } });
    assert.throws(() => readFileSync(file), 'not before');
    events.complete();
    assert.equal(await done, 'completed');
    assert.match(
      readFileSync(file, 'utf8'),
      /^<!doctype html>[\s\S]*<title>main - Elpis report<\/title>[\s\S]*id="run"/,
    );
  });

  it('is refused before the run when it cannot be written', () => {
    const file = join(folder, 'none', 'run.html');
    assert.throws(() => writeReportTo({ file, files: FILES }), { code: 'ELPIS_SINK' });
  });

  it('states the file that it writes', () => {
    assert.deepEqual(report.traits({ file: '/tmp/run.html' }), {
      file: true,
      files: [{ path: '/tmp/run.html', access: 'write', key: 'file' }],
    });
    assert.equal(report.describe({ file: '/tmp/run.html' }), 'report to /tmp/run.html');
  });
});
