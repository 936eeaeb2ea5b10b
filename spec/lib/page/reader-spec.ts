import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { MAX_WAITING, Reader, STUCK_MS } from '../../../lib/page/server/reader.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

/** A connection that takes frames until it is blocked. */
class FakeConnection extends EventEmitter {
  readonly written: string[] = [];
  blocked = false;
  ended = false;
  destroyed = false;

  write(text: string): boolean {
    this.written.push(text);
    return !this.blocked;
  }

  end(): void {
    this.ended = true;
  }

  destroy(): void {
    this.destroyed = true;
  }

  drain(): void {
    this.blocked = false;
    this.emit('drain');
  }
}

function reading(parts = ['s1', 's2']) {
  const clock = new VirtualClock();
  const connection = new FakeConnection();
  let closed = 0;
  const snapshots: number[] = [];
  const reader = new Reader(connection as unknown as Writable, {
    snapshot: (dropped) => {
      snapshots.push(dropped);
      return parts;
    },
    scheduler: clock,
    onClose: () => closed++,
  });
  return { clock, connection, reader, snapshots, closed: () => closed };
}

describe('a reader of the live stream', () => {
  it('receives the snapshot in parts, one in a turn, and then every frame', () => {
    const { clock, connection, reader } = reading();
    assert.deepEqual(connection.written, ['s1'], 'the shots that are due come between the parts');
    reader.send('a');
    clock.run();
    reader.send('b');
    assert.deepEqual(connection.written, ['s1', 's2', 'a', 'b']);
  });

  it('is written to no more while it is blocked, and receives what waits afterwards', () => {
    const { clock, connection, reader } = reading();
    clock.run();
    connection.blocked = true;
    reader.send('a');
    reader.send('b');
    reader.send('c');
    assert.deepEqual(connection.written.slice(2), ['a'], 'the frame that filled the connection is the last one');
    connection.drain();
    assert.deepEqual(connection.written.slice(2), ['a', 'b', 'c']);
    assert.equal(reader.dropped, 0);
  });

  it('loses the waiting frames when there are too many, counts them, and receives a new snapshot', () => {
    const { clock, connection, reader, snapshots } = reading();
    clock.run();
    connection.blocked = true;
    reader.send('filled');
    for (let i = 0; i <= MAX_WAITING; i++) reader.send(`lost ${i}`);
    reader.send('lost, too');
    assert.equal(reader.dropped, MAX_WAITING + 2);
    connection.drain();
    clock.run();
    reader.send('next');
    assert.deepEqual(connection.written.slice(2), ['filled', 's1', 's2', 'next']);
    assert.deepEqual(snapshots, [0, MAX_WAITING + 2]);
  });

  it('also loses frames while a long snapshot is sent, and receives another one', () => {
    const { clock, connection, reader } = reading();
    for (let i = 0; i <= MAX_WAITING; i++) reader.send(`lost ${i}`);
    clock.run();
    assert.deepEqual(connection.written, ['s1', 's2', 's1', 's2']);
    assert.equal(reader.dropped, MAX_WAITING + 1);
  });

  it('is closed when it takes nothing for too long', () => {
    const { clock, connection, reader, closed } = reading();
    clock.run();
    connection.blocked = true;
    reader.send('a');
    clock.advance(STUCK_MS);
    reader.send('b');
    assert.equal(connection.destroyed, false);
    clock.advance(1);
    reader.send('c');
    assert.deepEqual([connection.destroyed, closed()], [true, 1]);
    reader.send('d');
    assert.deepEqual(connection.written, ['s1', 's2', 'a']);
  });

  it('ends after what waits, when the run is over', () => {
    const { clock, connection, reader } = reading();
    clock.run();
    connection.blocked = true;
    reader.send('a');
    reader.send('last');
    reader.end();
    assert.equal(connection.ended, false);
    connection.drain();
    assert.deepEqual([connection.written.at(-1), connection.ended], ['last', true]);
  });

  for (const event of ['close', 'error'])
    it(`is closed once by a "${event}" of its connection`, () => {
      const { clock, connection, closed, reader } = reading();
      connection.emit(event, new Error('gone'));
      connection.emit('close');
      reader.close();
      clock.run();
      assert.deepEqual([closed(), connection.written], [1, ['s1']]);
    });
});
