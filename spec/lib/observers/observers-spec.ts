import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { lastValueFrom, Subject } from 'rxjs';
import type { PoolProgress, RunEvent, RunObserver } from '../../../lib/engine/runEvent.js';
import { summaryOf } from '../../../lib/measure/summary.js';
import type { Window } from '../../../lib/measure/window.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { showLiveLine } from '../../../lib/observers/liveLine.js';
import { writeSummaryTo } from '../../../lib/observers/summaryJson.js';
import { printSummaryTo } from '../../../lib/observers/summaryText.js';
import { summaryText } from '../../../lib/report/summaryText.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { FakeRunHandle } from '../../../lib/testing/index.js';
import { timed } from '../../operators/timed.js';

const progressAt = (elapsed: number): PoolProgress => ({
  elapsed,
  requests: 30,
  responses: 25,
  inFlight: 5,
  instances: 10,
  instancesStarted: 10,
  instancesGrown: 0,
  discarded: 0,
  unfinished: 0,
  emptyShots: 0,
});

/** One second of a shop: 3 requests of 10, 20 and 30 ms (one bad, one failed), a group, and a scenario of 60 ms. */
function shop(from: number): Window {
  const recorder = new WindowRecorder({ from, tagLimit: 10 });
  recorder.record(timed(10, { tag: 'login' }));
  recorder.record(timed(20, { tag: 'cart', protoCode: 500 }));
  recorder.record(timed(30, { tag: 'order', netCode: 110, protoCode: 0 }));
  recorder.record(timed(50, { tag: 'shop/checkout', scope: 'group', netCode: 999 }));
  recorder.record(timed(60, { tag: 'shop', scope: 'scenario', netCode: 999 }));
  return recorder.close(from + 1000);
}

const started = (...ids: string[]): RunEvent => ({
  type: 'run-started',
  at: 0,
  threads: 1,
  pools: ids.map((id) => ({ id, plan: constPlan({ ops: 2, duration: 60e9 }), rpsPerInstance: false })),
});
const finished = (window: Window): RunEvent => ({
  type: 'run-finished',
  at: 9,
  summaries: [summaryOf(window, { pool: 'a' })],
});
const windowOf = (pool: string, window: Window): RunEvent => ({ type: 'window', pool, at: window.to, window });
const progress = (pool: string, elapsed: number): RunEvent => ({
  type: 'progress',
  pool,
  at: elapsed,
  progress: progressAt(elapsed),
});

/** The output of an observer about events; they do not complete. */
function written(make: (stream: PassThrough) => RunObserver, events: readonly RunEvent[], terminal = false) {
  const stream = Object.assign(new PassThrough(), terminal ? { isTTY: true, columns: 100 } : {});
  const source = new Subject<RunEvent>();
  const subscription = make(stream)(source, new FakeRunHandle()).subscribe();
  for (const event of events) source.next(event);
  return { text: String(stream.read() ?? ''), source, subscription, stream };
}

describe('liveLine', () => {
  it('shows the last window: the rate of scenarios, which is what the plan counts; times and bad ones of operations', () => {
    const { text } = written(
      (stream) => showLiveLine({ stream }),
      [started('a'), windowOf('a', shop(0)), windowOf('a', shop(1000)), progress('a', 5000)],
    );
    assert.equal(text, '00:05 of 01:00  1.00/s of 2.00/s  p50 20.02 p99 30.00 ms  in flight 5  bad 4\n');
  });

  it('counts the same as the summary', () => {
    const window = shop(0);
    const { total, scenarios } = summaryOf(window, { pool: 'a' });
    assert.deepEqual([scenarios?.ended, total.bad + total.failed, total.responseTimeMs.p50], [1, 2, 20.015]);
  });

  it('has no rate and no times before the first window, and for a window without length', () => {
    const none = { ...shop(0), to: 0 };
    for (const events of [[], [windowOf('a', none)]]) {
      const { text } = written((stream) => showLiveLine({ stream }), [started('a'), ...events, progress('a', 5000)]);
      assert.match(text, /^00:05 of 01:00 {2}- of 2.00\/s/);
    }
  });

  it('writes a line every 5 seconds without a terminal, and names pools when there are several', () => {
    const ticks = Array.from({ length: 11 }, (_, i) => progress('b', 1000 * i));
    const { text } = written((stream) => showLiveLine({ stream }), [started('a', 'b'), ...ticks]);
    assert.deepEqual(
      text.split('\n').map((line) => line.slice(0, 8)),
      ['b  00:05', 'b  00:10', ''],
    );
  });

  it('draws its lines again in place on a terminal, and removes them at the end of the run', () => {
    const env = { NO_COLOR: '1' };
    const events = [started('a', 'b'), progress('a', 1000), progress('b', 1000), finished(shop(0))];
    const { text } = written((stream) => showLiveLine({ stream, env }), events, true);
    const lines = (pattern: string): number => text.split(pattern).length - 1;
    assert.deepEqual([lines('\x1b[2A\x1b[0J'), lines('a  00:01'), text.endsWith('\x1b[2A\x1b[0J')], [2, 2, true]);
  });

  it('also removes them when it is unsubscribed from', () => {
    const { subscription, stream } = written(
      (to) => showLiveLine({ stream: to }),
      [started('a'), progress('a', 1000)],
      true,
    );
    subscription.unsubscribe();
    assert.equal(String(stream.read()), '\x1b[1A\x1b[0J');
  });

  it('names workers that are lost or silent, once for each change, and says nothing while all run', () => {
    const workers = (...phases: readonly ('running' | 'silent' | 'lost')[]): RunEvent => ({
      ...{ type: 'workers', at: 0 },
      workers: phases.map((phase, i) => ({ worker: `w${i}`, phase, shares: [i], cpu: null })),
    });
    const events = [
      started('a'),
      workers('running', 'running'),
      workers('running', 'silent'),
      workers('running', 'silent'),
      workers('running', 'lost'),
    ];
    assert.deepEqual(written((stream) => showLiveLine({ stream }), events).text.split('\n'), [
      'workers: 1 running, 1 silent; w1 is silent',
      'workers: 1 running, 1 lost; w1 is lost',
      '',
    ]);
    const env = { NO_COLOR: '1' };
    const { text } = written((stream) => showLiveLine({ stream, env }), [...events, progress('a', 1000)], true);
    assert.match(text, /\nworkers: 1 running, 1 lost; w1 is lost\n/);
  });

  it('ignores a pool that was not announced', () => {
    const { text } = written(
      (stream) => showLiveLine({ stream }),
      [started('a'), progress('x', 5000), windowOf('x', shop(0))],
    );
    assert.equal(text, '');
  });
});

describe('printSummary', () => {
  it('prints the summary once, when the run is over', () => {
    const event = finished(shop(0));
    const { text } = written((stream) => printSummaryTo({ stream }), [started('a'), progress('a', 1000), event]);
    assert.equal(text, `${summaryText(event.type === 'run-finished' ? event.summaries : [], { width: 100 })}\n`);
  });

  it('prints nothing when no pool has started', () => {
    const nothing: RunEvent = { type: 'run-finished', at: 0, summaries: [] };
    assert.equal(written((stream) => printSummaryTo({ stream }), [nothing]).text, '');
  });
});

describe('writeSummaryJson', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'elpis-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is done when the file is written', async () => {
    const file = join(folder, 'summary.json');
    const source = new Subject<RunEvent>();
    const done = lastValueFrom(writeSummaryTo({ file })(source, new FakeRunHandle()), { defaultValue: 'done' });
    source.next(finished(shop(0)));
    source.complete();
    assert.equal(await done, 'done');
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).pools[0].total.shots, 3);
  });

  it('throws for a file that cannot be written, before the run', () => {
    const message = /cannot write .*such/;
    assert.throws(() => writeSummaryTo({ file: join(folder, 'no', 'such') }), { code: 'ELPIS_SINK', message });
    assert.throws(() => writeSummaryTo({ file: folder }), { code: 'ELPIS_SINK', message: /it is a directory/ });
  });

  it('replaces the old file as a whole, keeps its mode and a link to it, and leaves nothing else', async () => {
    const own = mkdtempSync(join(folder, 'own-'));
    const [real, link] = [join(own, 'real.json'), join(own, 'link.json')];
    writeFileSync(real, 'old', { mode: 0o600 });
    symlinkSync(real, link);
    const source = new Subject<RunEvent>();
    const done = lastValueFrom(writeSummaryTo({ file: link })(source, new FakeRunHandle()), { defaultValue: 'done' });
    assert.equal(readFileSync(real, 'utf8'), 'old', 'until the end');
    source.next(finished(shop(0)));
    source.complete();
    assert.equal(await done, 'done');
    assert.equal(JSON.parse(readFileSync(real, 'utf8')).pools.length, 1);
    assert.equal(statSync(real).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(own).sort(), ['link.json', 'real.json']);
    assert.ok(lstatSync(link).isSymbolicLink());
  });

  it('leaves the old file when the run ends without a summary', async () => {
    const own = mkdtempSync(join(folder, 'own-'));
    const file = join(own, 'summary.json');
    writeFileSync(file, 'old');
    const source = new Subject<RunEvent>();
    const done = lastValueFrom(writeSummaryTo({ file })(source, new FakeRunHandle()), { defaultValue: 'done' });
    source.complete();
    assert.equal(await done, 'done');
    assert.deepEqual([readdirSync(own), readFileSync(file, 'utf8')], [['summary.json'], 'old']);
  });

  it('writes to a device directly', async () => {
    const source = new Subject<RunEvent>();
    const done = lastValueFrom(writeSummaryTo({ file: '/dev/null' })(source, new FakeRunHandle()), {
      defaultValue: 'done',
    });
    source.next(finished(shop(0)));
    source.complete();
    assert.equal(await done, 'done');
    assert.ok(statSync('/dev/null').isCharacterDevice());
  });
});
