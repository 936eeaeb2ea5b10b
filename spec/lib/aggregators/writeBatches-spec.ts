import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { type Observable, type SchedulerLike, Subject, VirtualTimeScheduler } from 'rxjs';
import { EncodedBatch, NO_ROOM } from '../../../lib/aggregators/encoding/encodedBatch.js';
import { type WriteOptions, writeBatches } from '../../../lib/aggregators/encoding/writeBatches.js';
import type { Report } from '../../../lib/core/aggregator.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { MemorySink } from './memorySink.js';

interface Sample {
  text: string;
}

function encode({ text }: Sample, buffer: Buffer, offset: number): number {
  if (text === 'bad') throw new Error('cannot be encoded');
  return text.length + 1 > buffer.length - offset ? NO_ROOM : offset + buffer.write(`${text}\n`, offset);
}

function written(samples: Observable<Sample>, options: Partial<WriteOptions<Sample>>) {
  const reports: Report[] = [];
  const warnings: string[] = [];
  const silent = (): void => {};
  const log = { debug: silent, info: silent, error: silent, warn: (message: string) => warnings.push(message) };
  let end: (outcome: unknown) => void;
  const over = new Promise<unknown>((resolve) => {
    end = resolve;
  });
  const aggregator = writeBatches<Sample>({
    from: 'lines',
    sink: new MemorySink(),
    batch: () => new EncodedBatch(encode),
    sampleQueueSize: 100,
    log,
    ...options,
  });
  const subscription = samples.pipe(aggregator).subscribe({
    next: (report) => reports.push(report),
    error: (error: unknown) => end(error),
    complete: () => end('complete'),
  });
  return { reports, warnings, over, subscription };
}

describe('writeBatches', () => {
  it('opens the sink when it is subscribed to, not earlier', () => {
    const sink = new MemorySink();
    const aggregator = writeBatches<Sample>({
      from: 'x',
      sink,
      batch: () => new EncodedBatch(encode),
      sampleQueueSize: 1,
    });
    const reports = new Subject<Sample>().pipe(aggregator);
    assert.equal(sink.opened, 0);
    reports.subscribe().unsubscribe();
    assert.equal(sink.opened, 1);
  });

  it('writes lines after the flush time, counted from the first sample of a batch', () => {
    const scheduler = new VirtualTimeScheduler();
    const sink = new MemorySink();
    const samples = new Subject<Sample>();
    const texts: [ms: number, text: string][] = [];
    const look = (ms: number): void => void scheduler.schedule(() => texts.push([ms, sink.text]), ms);
    const send = (ms: number, text: string): void => void scheduler.schedule(() => samples.next({ text }), ms);
    written(samples, { sink, scheduler, flushMs: 100 });
    send(10, 'a');
    send(50, 'b');
    send(150, 'c');
    for (const ms of [109, 111, 249, 251]) look(ms);
    scheduler.flush();
    assert.deepEqual(texts, [
      [109, ''],
      [111, 'a\nb\n'],
      [249, 'a\nb\n'],
      [251, 'a\nb\nc\n'],
    ]);
  });

  it('writes the rest at the end, closes the sink and then sends the final report', async () => {
    const sink = new MemorySink();
    const samples = new Subject<Sample>();
    const { reports, over } = written(samples, { sink });
    samples.next({ text: 'a' });
    samples.complete();
    assert.deepEqual(reports, []);
    assert.equal(await over, 'complete');
    assert.deepEqual([sink.text, sink.finished, sink.destroyed], ['a\n', true, true]);
    assert.deepEqual(reports, [{ from: 'lines', received: 1, dropped: 0, final: true }]);
  });

  it('writes whole lines only, and keeps nothing of a reused sample', async () => {
    const sink = new MemorySink();
    const samples = new Subject<Sample>();
    const { over } = written(samples, { sink, batch: () => new EncodedBatch(encode, 4096), sampleQueueSize: 1e6 });
    const pooled: Sample = { text: '' };
    const wanted: string[] = [];
    for (let i = 0; i < 5000; i++) {
      pooled.text = `sample ${i}`;
      wanted.push(pooled.text);
      samples.next(pooled);
    }
    samples.complete();
    await over;
    assert.ok(sink.chunks.length > 10 && sink.chunks.every((chunk) => chunk.at(-1) === 10 && chunk.length <= 4096));
    assert.equal(sink.text, `${wanted.join('\n')}\n`);
  });

  it('holds at most the queue size while the sink is slow; drops, counts and warns once', async () => {
    const sink = new MemorySink(true);
    const samples = new Subject<Sample>();
    const { reports, warnings, over } = written(samples, { sink, sampleQueueSize: 3 });
    for (const text of ['a', 'b', 'c', 'd', 'e']) samples.next({ text });
    assert.equal(warnings.length, 1);
    sink.release();
    samples.next({ text: 'f' });
    samples.complete();
    await new Promise(setImmediate);
    sink.release();
    assert.equal(await over, 'complete');
    assert.equal(sink.text, 'a\nb\nc\nf\n');
    assert.deepEqual(reports, [
      { from: 'lines', received: 4, dropped: 1, final: false },
      { from: 'lines', received: 6, dropped: 2, final: true },
    ]);
  });

  it('never drops samples for a sink that is fast enough, with a queue of any size', async () => {
    const sink = new MemorySink();
    const samples = new Subject<Sample>();
    const { reports, over } = written(samples, { sink, sampleQueueSize: 1 });
    for (let i = 0; i < 100; i++) samples.next({ text: 'x' });
    samples.complete();
    await over;
    assert.deepEqual([reports.at(-1)?.dropped, sink.text.length], [0, 200]);
  });

  const failures: readonly (readonly [sentence: string, fail: (samples: Subject<Sample>) => void, message: RegExp])[] =
    [
      ['when the samples fail', (samples) => samples.error(new Error('no target')), /no target/],
      ['when a sample cannot be encoded', (samples) => samples.next({ text: 'bad' }), /cannot be encoded/],
    ];
  for (const [sentence, fail, message] of failures) {
    it(`writes what came before, closes and passes the error on, ${sentence}`, async () => {
      const sink = new MemorySink();
      const samples = new Subject<Sample>();
      const { over, reports } = written(samples, { sink });
      samples.next({ text: 'a' });
      fail(samples);
      assert.match(String(await over), message);
      assert.deepEqual([sink.text, sink.finished, reports.length, samples.observed], ['a\n', true, 0, false]);
    });
  }

  const sinks: readonly (readonly [sentence: string, open: () => Writable])[] = [
    [
      'that cannot be opened',
      () => {
        throw new Error('ENOSPC');
      },
    ],
    ['that fails at a write', () => new Writable({ write: (_chunk, _encoding, done) => done(new Error('ENOSPC')) })],
    [
      'that fails at the end',
      () => new Writable({ write: (_chunk, _encoding, done) => done(), final: (done) => done(new Error('ENOSPC')) }),
    ],
    [
      'that was closed by other code',
      () =>
        new Writable({
          write() {
            this.destroy();
          },
        }),
    ],
  ];
  for (const [sentence, open] of sinks) {
    it(`errors with the name of a sink ${sentence}`, async () => {
      const samples = new Subject<Sample>();
      const { over } = written(samples, { sink: { name: './phout.log', open } });
      samples.next({ text: 'a' });
      samples.complete();
      const error = (await over) as Error & { code: string };
      assert.equal(error.code, 'ELPIS_SINK');
      assert.match(error.message, /lines: cannot write results to \.\/phout\.log/);
    });
  }

  it('closes the sink and its timer at once when unsubscribed', async () => {
    const sink = new MemorySink(true);
    const samples = new Subject<Sample>();
    const scheduler = new VirtualTimeScheduler();
    const { subscription, reports } = written(samples, { sink, scheduler: scheduler as SchedulerLike });
    samples.next({ text: 'a' });
    subscription.unsubscribe();
    await new Promise(setImmediate);
    scheduler.flush();
    assert.deepEqual([sink.destroyed, sink.finished, sink.text, reports.length], [true, false, '', 0]);
    assert.equal(samples.observed, false);
  });

  it('destroys a sink that has not closed closeMs after the last sample, and reports how many samples are not written', async () => {
    const sink = new MemorySink(true);
    const samples = new Subject<Sample>();
    const scheduler = new VirtualClock();
    const { over, reports } = written(samples, { sink, closeMs: 500, scheduler, waits: scheduler });
    for (const text of ['a', 'b', 'c']) samples.next({ text });
    scheduler.advance(10_000);
    samples.complete();
    scheduler.advance(499);
    await new Promise(setImmediate);
    assert.deepEqual([sink.destroyed, reports.length], [false, 0], 'the time begins with the end of the samples');
    scheduler.advance(1);
    const error = (await over) as Error & { code: string };
    assert.deepEqual(
      [error.code, error.message],
      [
        'ELPIS_SINK',
        'lines: cannot write results to memory: it has not closed 0.5 s after the last sample; 3 samples are not written',
      ],
    );
    assert.equal(sink.destroyed, true);
  });

  it('waits for a sink without a limit when closeMs is 0, and for 30 s by default', async () => {
    for (const [closeMs, ended] of [
      [0, false],
      [undefined, true],
    ] as const) {
      const samples = new Subject<Sample>();
      const scheduler = new VirtualClock();
      const { over } = written(samples, { sink: new MemorySink(true), closeMs, scheduler, waits: scheduler });
      samples.next({ text: 'a' });
      samples.complete();
      scheduler.advance(29_999);
      let outcome: unknown;
      void over.then((value) => {
        outcome = value;
      });
      await new Promise(setImmediate);
      assert.equal(outcome, undefined);
      scheduler.advance(closeMs === undefined ? 1 : 1e9);
      await new Promise(setImmediate);
      assert.equal(outcome !== undefined, ended);
    }
  });

  it('logs how many samples are not written when it is unsubscribed', () => {
    const samples = new Subject<Sample>();
    const errors: string[] = [];
    const silent = (): void => {};
    const log = { debug: silent, info: silent, warn: silent, error: (message: string) => errors.push(message) };
    const { subscription } = written(samples, { sink: new MemorySink(true), scheduler: new VirtualClock(), log });
    for (const text of ['a', 'b']) samples.next({ text });
    subscription.unsubscribe();
    assert.deepEqual(errors, ['lines: 2 samples are not written to memory']);
  });
});
