import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Subject } from 'rxjs';
import type { RunEvent } from '../../../../lib/engine/runEvent.js';
import { type SeriesOptions, writeSeriesTo } from '../../../../lib/observers/outputs/timeSeries.js';
import { FakeLog, FakeRunHandle, VirtualClock } from '../../../../lib/testing/index.js';
import { someRun } from './someRun.js';
import { turns, until } from './turns.js';

const FULL = '/dev/full';

describe('time-series', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'elpis-series-'));
    file = join(folder, 'windows.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The output, in virtual time. */
  function writing(options: Partial<SeriesOptions> = {}) {
    const clock = new VirtualClock(0);
    const log = new FakeLog();
    const handle = new FakeRunHandle();
    const events = new Subject<RunEvent>();
    let over = false;
    let error: unknown;
    const observer = writeSeriesTo({ file, format: 'jsonl', ...options }, { log, scheduler: clock });
    observer(events, handle).subscribe({ complete: () => (over = true), error: (cause) => (error = cause) });
    return { clock, log, handle, events, over: () => over, error: () => error };
  }

  /** The writes of an output, and their ends. */
  class Writes {
    count = 0;
    #closed = 0;

    constructor(private readonly put: (file: FileHandle, bytes: Uint8Array, at: number | null) => Promise<unknown>) {}

    readonly write = async (handle: FileHandle, bytes: Uint8Array, at: number | null): Promise<void> => {
      this.count++;
      const close = handle.close.bind(handle);
      handle.close = async () => {
        await close();
        this.#closed++;
      };
      await this.put(handle, bytes, at);
    };

    /** Resolves when the n-th write has ended and its file is closed. */
    async ended(n: number): Promise<void> {
      await until(`write ${n}`, () => this.#closed >= n);
      await turns();
    }
  }

  const windows = (seconds: number): readonly RunEvent[] => someRun(seconds).filter(({ type }) => type === 'window');
  /** The ends of the windows with a row for the whole pool, in seconds of the run. */
  const written = (): readonly number[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { readonly to: number; readonly scope: string })
      .filter(({ scope }) => scope === 'total')
      .map(({ to }) => (to - 1_000_000) / 1000);

  for (const format of ['csv', 'jsonl'] as const)
    it(`on a full disk, as ${format}, tells it once, drops beyond 600 windows, and states their number`, {
      skip: existsSync(FULL) ? false : 'there is no /dev/full',
    }, async () => {
      const writes = new Writes((full, bytes, at) => full.write(bytes, 0, bytes.length, at));
      const { write } = writes;
      const { clock, log, handle, events, over, error } = writing({ file: FULL, format, write });
      const all = windows(700);
      for (const event of all) events.next(event);
      await until('the warning', () => log.lines.length === 1);
      assert.match(handle.annotations[0] ?? '', /^time-series to \/dev\/full: windows cannot be sent: .*ENOSPC/);
      events.complete();
      for (const [n, wait] of [500, 1000, 2000].entries()) {
        await writes.ended(n + 2);
        assert.equal(over(), false);
        clock.advance(wait);
      }
      assert.deepEqual([over(), error()], [true, undefined]);
      assert.equal(log.lines.length, 2);
      assert.match(log.lines[1]?.message ?? '', /: 700 of 700 windows were not sent: .*ENOSPC/);
    });

  it('cuts off what a failed write has left, so the file has whole rows, each once', async () => {
    // A disk that is full after some bytes, for three times.
    const writes = new Writes(async (handle, bytes, at) => {
      const isFull = writes.count <= 3;
      await handle.write(bytes, 0, isFull ? Math.floor(bytes.length / 2) : bytes.length, at);
      if (isFull) throw new Error('ENOSPC: no space left on device');
    });
    const { clock, events, over } = writing({ write: writes.write });
    for (const [i, event] of windows(6).entries()) {
      events.next(event);
      await writes.ended(Math.min(4, i + 1));
      if (i < 3) assert.equal(readFileSync(file, 'utf8'), '');
      if (i < 3) clock.advance([500, 1000, 2000][i] as number);
    }
    events.complete();
    await until('the end', over);
    assert.deepEqual(written(), [1, 2, 3, 4, 5, 6]);
  });

  it('keeps the newest 600 windows while nothing can be written', async () => {
    const writes = new Writes(async (handle, bytes, at) => {
      if (writes.count === 1) throw new Error('EIO: i/o error');
      await handle.write(bytes, 0, bytes.length, at);
    });
    const { clock, log, events, over } = writing({ write: writes.write });
    const [first, ...others] = windows(700);
    events.next(first as RunEvent);
    await writes.ended(1);
    for (const event of others) events.next(event);
    clock.advance(500);
    await writes.ended(2);
    events.complete();
    await until('the end', over);
    const seconds = written();
    assert.deepEqual([seconds.length, seconds[0], seconds.at(-1)], [600, 101, 700]);
    assert.match(log.lines.at(-1)?.message ?? '', /: 100 of 700 windows were not sent: EIO/);
  });

  it('writes rows once when the disk was busy with them for longer than 2 s', async () => {
    let goOn: (() => void) | undefined;
    const writes = new Writes(async (handle, bytes, at) => {
      if (writes.count === 1) await new Promise<void>((resolve) => (goOn = resolve));
      await handle.write(bytes, 0, bytes.length, at);
    });
    const { clock, log, events, over } = writing({ write: writes.write });
    const [first, ...others] = windows(4);
    events.next(first as RunEvent);
    await until('the write', () => goOn !== undefined);
    clock.advance(2000);
    await until('the warning', () => log.lines.length === 1);
    for (const event of others) events.next(event);
    for (const ms of [500, 2000, 1000, 2000]) {
      clock.advance(ms);
      await turns(1000);
    }
    assert.equal(writes.count, 1, 'another write waits for the first');
    goOn?.();
    await writes.ended(1);
    clock.advance(10_000);
    events.complete();
    await until('the end', over);
    assert.deepEqual(written(), [1, 2, 3, 4]);
    assert.ok(writes.count <= 3, `${writes.count} writes: those that were given up meanwhile are left out`);
  });

  it('writes at most 60 windows at once', async () => {
    const sizes: number[] = [];
    let goOn: (() => void) | undefined;
    const write = async (handle: FileHandle, bytes: Uint8Array, at: number | null): Promise<void> => {
      sizes.push(String(Buffer.from(bytes)).split('\n').length - 1);
      if (goOn === undefined) await new Promise<void>((resolve) => (goOn = resolve));
      await handle.write(bytes, 0, bytes.length, at);
    };
    const { events, over } = writing({ write });
    for (const event of windows(131)) events.next(event);
    await until('the first write', () => goOn !== undefined);
    goOn?.();
    events.complete();
    await until('the end', over);
    // A row for the pool and one for its tag.
    assert.deepEqual(sizes, [2, 120, 120, 20]);
    assert.equal(written().length, 131);
  });

  it('begins a CSV file with its columns, once', async () => {
    const { events, over } = writing({ format: 'csv' });
    const [first, second] = windows(2);
    events.next(first as RunEvent);
    await until('the first rows', () => readFileSync(file, 'utf8').includes('home'));
    events.next(second as RunEvent);
    events.complete();
    await until('the end', over);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    assert.deepEqual([lines.length, lines.filter((line) => line.startsWith('from,to,pool')).length], [5, 1]);
  });

  it('writes to a pipe', async () => {
    execFileSync('mkfifo', [file]);
    const reading = import('node:fs/promises').then(({ readFile }) => readFile(file, 'utf8'));
    // Opened for writing by another one, too, so that it does not end between two writes.
    const { openSync, closeSync } = await import('node:fs');
    const kept = openSync(file, 'r+');
    const { events, over } = writing();
    for (const event of windows(3)) events.next(event);
    events.complete();
    await until('the end', over);
    closeSync(kept);
    assert.equal((await reading).trim().split('\n').length, 6);
  });

  it('errors when the file cannot be opened', () => {
    const { error } = writing({ file: join(folder, 'none', 'windows.csv') });
    assert.match(String(error()), /cannot write .*ENOENT/);
  });
});
