import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import type { DataSink } from '../../../lib/core/data.js';
import { ElpisError } from '../../../lib/core/errors.js';
import { type FromShare, PROTOCOL_VERSION } from '../../../lib/shares/protocol.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import type { VirtualClock } from '../../../lib/time/virtualClock.js';
import { type PlayOptions, SharedPlay } from './play.js';

/** A sink in virtual time: each write takes so long, and the first of the given number fails. */
class SlowSink implements DataSink {
  readonly name = 'slow';
  readonly chunks: string[] = [];
  opened = 0;
  ended = 0;
  mostWaiting = 0;
  #waiting = 0;

  constructor(
    private readonly clock: () => VirtualClock,
    private readonly writeMs: number,
    private readonly failAt = Number.POSITIVE_INFINITY,
    private readonly failure: Error = Object.assign(new Error('no space'), { code: 'ENOSPC' }),
  ) {}

  open(): Writable {
    this.opened++;
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.clock().schedule(() => {
          this.#waiting--;
          if (this.chunks.length + 1 >= this.failAt) {
            done(this.failure);
            return;
          }
          this.chunks.push(String(chunk));
          done();
        }, this.writeMs);
      },
      final: (done) => {
        this.ended++;
        done();
      },
    });
    const write = stream.write.bind(stream) as (chunk: unknown, done: () => void) => boolean;
    stream.write = (chunk: unknown, done?: unknown) => {
      this.#waiting++;
      this.mostWaiting = Math.max(this.mostWaiting, this.#waiting);
      return write(chunk, done as () => void);
    };
    return stream;
  }

  get lines(): readonly { readonly index: number }[] {
    return this.chunks
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { index: number });
  }
}

const config = (clock: VirtualClock, result: object = {}): unknown => ({
  pools: [
    {
      id: 'p',
      gun: new FakeGunFactory({ scheduler: clock, latencyMs: 10 }),
      ammo: { type: 'uri', uris: ['/ a'] },
      result: { type: 'jsonlines', sink: 'results.jsonl', 'flush-interval': '50ms', ...result },
      rps: { type: 'const', ops: 200, duration: '2s' },
      startup: { type: 'once', times: 12 },
    },
  ],
});

function played(of: number, sink: (clock: () => VirtualClock) => SlowSink, more: Partial<PlayOptions> = {}) {
  const box: { play?: SharedPlay } = {};
  const real = sink(() => box.play?.clock ?? assert.fail('the run has begun'));
  const play = new SharedPlay({ of, config: (_index, clock) => config(clock), sink: () => real, ...more });
  box.play = play;
  return { play, sink: real };
}

describe('the sinks of shares', () => {
  it('that are the same are opened once, get whole lines of all shares, and are closed once, after the last', async () => {
    const { play, sink } = played(3, (clock) => new SlowSink(clock, 1));
    await play.toTheEnd();
    assert.equal(play.ended, 'completed');
    assert.deepEqual([sink.opened, sink.ended], [1, 1]);
    const indexes = sink.lines.map(({ index }) => index).sort((a, b) => a - b);
    assert.deepEqual(
      indexes,
      Array.from({ length: 400 }, (_, i) => i),
    );
  });

  it('that are slow have at most one waiting write per share, and everything is written', async () => {
    const { play, sink } = played(4, (clock) => new SlowSink(clock, 100));
    await play.toTheEnd();
    assert.equal(play.ended, 'completed');
    assert.equal(sink.lines.length, 400);
    assert.ok(sink.mostWaiting <= 4, String(sink.mostWaiting));
    assert.ok(play.sent.filter(({ message }) => message.type === 'sink-write').length > 12, 'there were several');
  });

  it('that are too slow: samples are dropped and counted by the share, and the run reports how many', async () => {
    const { play, sink } = played(2, (clock) => new SlowSink(clock, 1000), {
      config: (_index, clock) => config(clock, { 'sample-queue-size': 20 }),
    });
    await play.toTheEnd();
    assert.equal(play.error.code, 'ELPIS_SAMPLES_DROPPED');
    const report = play.events.flatMap((event) =>
      event.type === 'report' && event.report.final && event.report.from === 'jsonlines' ? [event.report] : [],
    )[0];
    assert.deepEqual(
      [play.error, ...(play.error.also ?? [])].map(({ message }) => message),
      [`pool "p": jsonlines: ${report?.dropped} samples were dropped`],
    );
    assert.equal(sink.lines.length + Number(report?.dropped), 400 - unshot(play), 'what is not written is counted');
  });

  it('the longest wait for a sink is a counter of the share', async () => {
    const { play } = played(2, (clock) => new SlowSink(clock, 300));
    await play.toTheEnd();
    const waits = play.log.lines
      .filter(({ level, message }) => level === 'debug' && / ended$/.test(message))
      .map(({ fields }) => Number(fields.longestSinkWaitMs));
    assert.equal(waits.length, 2);
    assert.ok(
      waits.every((wait) => wait >= 300 && wait <= 600),
      String(waits),
    );
  });

  it('that fail end the run; the failure of the sink keeps its message and its code', async () => {
    const { play } = played(2, (clock) => new SlowSink(clock, 1, 5));
    await play.toTheEnd();
    const { code, message, component, pool, cause } = play.error;
    assert.deepEqual([code, pool, component?.name], ['ELPIS_SINK', 'p', 'jsonlines']);
    assert.match(message, /cannot write results to .*results\.jsonl: no space/);
    assert.ok(cause instanceof Error);
    const acks = play.orders.flatMap(({ message: order }) =>
      order.type === 'sink-ack' && order.failure !== undefined ? [order.failure.code] : [],
    );
    assert.deepEqual(new Set(acks), new Set(['ENOSPC']));
    assert.ok(play.clock.now() < 1_000_000 + 1900, 'before its time');
  });

  it('that fail with an error of Elpis: its code, hint and fields arrive', async () => {
    const failure = new ElpisError('ELPIS_LIMIT', 'quota', { hint: 'buy more' });
    const { play } = played(2, (clock) => new SlowSink(clock, 1, 5, failure));
    await play.toTheEnd();
    assert.deepEqual([play.error.code, play.error.hint, play.error.pool], ['ELPIS_LIMIT', 'buy more', 'p']);
  });

  it('that cannot be made fail the run', async () => {
    const { play } = played(2, (clock) => new SlowSink(clock, 1), {
      sink: () => {
        throw new ElpisError('ELPIS_SINK', 'there is no such sink');
      },
    });
    await play.toTheEnd();
    assert.deepEqual([play.error.code, play.error.message], ['ELPIS_SINK', 'pool "p": there is no such sink']);
  });

  it('a share that does not wait for the acknowledgement of a write is ended', async () => {
    const chunk = new TextEncoder().encode('{"index":1}\n');
    const words: FromShare[] = [
      { type: 'joined', version: PROTOCOL_VERSION },
      { type: 'sink-open', id: 0, name: 'file', config: 'flood' },
      { type: 'sink-write', id: 0, chunk },
      { type: 'sink-write', id: 0, chunk },
    ];
    const { play, sink } = played(2, (clock) => new SlowSink(clock, 1000), {
      messageMs: 0,
      instead: (index, link) => {
        if (index === 0) return false;
        link.messages.subscribe(({ type }) => {
          if (type === 'task') for (const word of words) link.send(word);
        });
        return true;
      },
    });
    await play.toTheEnd();
    assert.deepEqual([play.error.code, play.error.thread], ['ELPIS_SHARE', 1]);
    assert.match(play.error.message, /before the acknowledgement of the previous one/);
    assert.equal(sink.mostWaiting, 1);
    assert.equal(play.closes[1]?.coordinator, 1);
  });

  it('the open sinks of a share that died are closed', async () => {
    const { play, sink } = played(2, (clock) => new SlowSink(clock, 1));
    await play.play(1000);
    play.shareEnds[1]?.close();
    await play.toTheEnd();
    assert.equal(play.error.code, 'ELPIS_SHARE');
    assert.deepEqual([sink.opened, sink.ended], [1, 1]);
  });
});

/** Operations that were not shot, because dropped samples end a pool. */
function unshot(play: SharedPlay): number {
  const last = play.events.flatMap((event) => ('progress' in event ? [event.progress] : [])).at(-1);
  return 400 - Number(last?.responses);
}
