import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { Subject, Subscription } from 'rxjs';
import type { RunEvent } from '../../../../lib/engine/runEvent.js';
import { Capture } from '../../../../lib/observers/screen/capture.js';
import type { Line } from '../../../../lib/observers/screen/line.js';
import type { Output } from '../../../../lib/observers/screen/output.js';
import type { ScreenProcess } from '../../../../lib/observers/screen/screenRun.js';
import { showScreen } from '../../../../lib/observers/screen/showScreen.js';
import { LEAVE, Terminal } from '../../../../lib/observers/screen/terminal.js';
import { FakeRunHandle } from '../../../../lib/testing/index.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { command } from '../../../../operators/ticks/command.js';
import { START } from '../../view/sampleEvents.js';
import { shopEvents } from './shopRun.js';

/** A terminal: what was written to it since the last look. */
class FakeTerminal extends Writable {
  readonly isTTY = true;
  columns = 80;
  rows = 24;
  #text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#text += chunk.toString();
    done();
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}

class FakeProcess implements ScreenProcess {
  readonly signals: string[] = [];
  readonly #listeners = new Map<string, Set<() => void>>();

  signal(name: string): void {
    this.signals.push(name);
  }

  on(event: string, listener: () => void): Subscription {
    const all = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, all.add(listener));
    return new Subscription(() => all.delete(listener));
  }

  emit(event: string): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener();
  }

  get listeners(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }
}

/** The screen of a run that has shot for `seconds`. */
function open(seconds = 3, handle = new FakeRunHandle()) {
  const clock = new VirtualClock(START);
  const [stream, stdin, process] = [new FakeTerminal(), new PassThrough(), new FakeProcess()];
  const events = new Subject<RunEvent>();
  let ended = '';
  const running = showScreen({ stream, stdin, process, scheduler: clock })(events, handle).subscribe({
    error: (error: unknown) => (ended = `error: ${(error as Error).message}`),
    complete: () => (ended = 'complete'),
  });
  for (const event of shopEvents(seconds)) events.next(event);
  clock.advance(seconds * 1000 + 150);
  const type = async (keys: string): Promise<void> => {
    stdin.write(keys);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, stream, stdin, process, events, handle, running, type, ended: () => ended };
}

const finished: RunEvent = { type: 'run-finished', at: START + 4000, summaries: [] };
const count = (text: string, part: string): number => text.split(part).length - 1;

describe('the screen of a run', () => {
  it('enters the other page of the terminal, draws, and restores it at the end of the run', () => {
    const { stream, events, process, ended } = open();
    const text = stream.take();
    assert.ok(text.startsWith('\x1b[?1049h\x1b[?25l'), text.slice(0, 30));
    assert.match(text, /operations per second/);
    events.next(finished);
    events.complete();
    assert.ok(stream.take().endsWith(LEAVE));
    assert.deepEqual([ended(), process.listeners], ['complete', 0]);
  });

  it('writes nothing when nothing has changed, and only rows that have', () => {
    const { stream, clock } = open();
    clock.advance(100);
    stream.take();
    clock.advance(200);
    assert.equal(stream.take(), '');
    clock.advance(1000);
    const rows = new Set([...stream.take().matchAll(/\[(\d+);1H/g)].map(([, row]) => row));
    assert.ok(rows.size >= 1 && rows.size <= 3, [...rows].join());
  });

  it('restores the terminal once on every way out: an unsubscribe, the exit of the process, the end', () => {
    const ways: readonly ((at: ReturnType<typeof open>) => void)[] = [
      ({ running }) => running.unsubscribe(),
      ({ process }) => process.emit('exit'),
      ({ events }) => events.next(finished),
      ({ events }) => events.complete(),
    ];
    for (const way of ways) {
      const at = open();
      at.stream.take();
      way(at);
      at.running.unsubscribe();
      at.process.emit('exit');
      at.clock.advance(1000);
      assert.equal(count(at.stream.take(), LEAVE), 1);
      assert.equal(at.process.listeners, 0);
    }
  });

  it('leaves the page while the process is suspended, and returns', () => {
    const { stream, process } = open();
    stream.take();
    process.emit('SIGTSTP');
    assert.ok(stream.take().endsWith(LEAVE));
    assert.deepEqual(process.signals, ['SIGSTOP']);
    process.emit('SIGCONT');
    const text = stream.take();
    assert.match(text, /\[\?1049h[\s\S]*operations per second/);
  });

  it('draws the whole screen again after another size', () => {
    const { stream } = open();
    stream.take();
    Object.assign(stream, { columns: 40, rows: 10 });
    stream.emit('resize');
    const text = stream.take();
    assert.ok(text.startsWith('\x1b[2J'), text.slice(0, 20));
    assert.equal(count(text, ';1H'), 10);
  });

  it('keys steer the run', async () => {
    const { type, handle, process } = open();
    await type('p+');
    await type('qyQy');
    await type('nhi\r');
    await type('\x03');
    assert.deepEqual(handle.commands, [
      { pool: undefined, command: command.pause() },
      { pool: undefined, command: command.scaleBy(1.05) },
    ]);
    assert.deepEqual(handle.stops, [
      { limitMs: 30_000, reason: 'stopped on the screen' },
      { limitMs: 0, reason: 'aborted on the screen' },
    ]);
    assert.deepEqual([handle.annotations, process.signals], [['hi'], ['SIGINT']]);
  });

  it('a key shows its effect at once', async () => {
    const { type, stream } = open();
    stream.take();
    await type('?');
    assert.match(stream.take(), /any key closes/);
  });

  it('holds back other text of the terminal, shows it in the log, and writes it after the end', () => {
    const { stream, events, clock } = open();
    stream.take();
    stream.write('WARN: from a module\n');
    assert.equal(stream.take(), '');
    clock.advance(100);
    assert.match(stream.take(), /output[^;]*WARN: from a module/);
    events.next(finished);
    assert.ok(stream.take().endsWith(`${LEAVE}WARN: from a module\n`));
    stream.write('later\n');
    assert.equal(stream.take(), 'later\n');
  });

  it('shows nothing of a run that fails before its start', () => {
    const [stream, process] = [new FakeTerminal(), new FakeProcess()];
    const events = new Subject<RunEvent>();
    showScreen({ stream, process, scheduler: new VirtualClock(START) })(events, new FakeRunHandle()).subscribe();
    events.next({ type: 'warning', at: START, message: 'a warning', fields: {} });
    events.next(finished);
    events.complete();
    assert.deepEqual([stream.take(), process.listeners], ['', 0]);
  });

  it('restores the terminal before its own failure', async () => {
    class Closed extends FakeRunHandle {
      override command(): void {
        throw new Error('no commands');
      }
    }
    const { type, stream, ended } = open(3, new Closed());
    await type('p');
    assert.ok(stream.take().endsWith(LEAVE));
    assert.equal(ended(), 'error: no commands');
  });
});

describe('Terminal', () => {
  const line = (text: string): Line => [{ text, tone: 'plain' }];

  it('draws no frame while the last one is on its way, and the newest one afterwards', () => {
    const written: string[] = [];
    const output = { ready: true, write: (text: string) => void written.push(text), writeNow: () => undefined };
    const terminal = new Terminal(output satisfies Output, 0);
    terminal.draw([line('before it was entered')]);
    terminal.enter();
    terminal.draw([line('a'), line('b')]);
    output.ready = false;
    terminal.draw([line('a'), line('c')]);
    terminal.draw([line('a'), line('d')]);
    output.ready = true;
    terminal.draw([line('a'), line('e')]);
    assert.deepEqual(written, ['\x1b[2J\x1b[1;1Ha\x1b[2;1Hb', '\x1b[2;1He']);
  });
});

describe('Capture', () => {
  it('calls back for each write, keeps a limited amount, and says what it dropped', async () => {
    const stream = new FakeTerminal();
    const capture = new Capture([stream]);
    capture.start();
    capture.start();
    await new Promise<void>((resolve) => stream.write('first\n', () => resolve()));
    for (let i = 0; i < 30; i++) stream.write(Buffer.alloc(50_000, 'x'));
    assert.equal(stream.take(), '');
    capture.release();
    const text = stream.take();
    assert.match(text, /^\(\d+ earlier texts were dropped/);
    assert.ok(text.length < 1_100_000 && text.length > 900_000, `${text.length}`);
    assert.equal(capture.lines.length, 20);
  });

  it('shows lines without their colours, and releases them with these', () => {
    const stream = new FakeTerminal();
    const capture = new Capture([stream]);
    capture.start();
    stream.write('[12:00] \x1b[33mWARN\x1b[39m: slow\n');
    assert.deepEqual(capture.lines, ['[12:00] WARN: slow']);
    capture.release();
    assert.equal(stream.take(), '[12:00] \x1b[33mWARN\x1b[39m: slow\n');
  });
});
