import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ElpisError } from '../../../lib/core/errors.js';
import {
  MAX_MESSAGES_BYTES,
  packBodies,
  packFrame,
  unpackBodies,
  unpackFrame,
} from '../../../lib/mesh/journal/frame.js';
import { JournalReader } from '../../../lib/mesh/journal/journalReader.js';
import { JournalWriter, MAX_WAITING } from '../../../lib/mesh/journal/journalWriter.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { turn } from '../shares/play.js';
import { MemoryBus, type MemoryBusOptions, MemoryServer } from './memoryBus.js';

const SUBJECT = 'elpis.g.run.r.from.0';

/** A writer and a reader, each with a connection of its own. */
class Journal {
  readonly clock = new VirtualClock(0);
  readonly server = new MemoryServer();
  readonly there: MemoryBus;
  readonly here: MemoryBus;
  readonly writer: JournalWriter;
  readonly reader: JournalReader;
  readonly got: unknown[] = [];
  readonly failures: ElpisError[] = [];
  readonly stored: unknown[] = [];

  constructor(options: MemoryBusOptions = {}) {
    this.there = new MemoryBus(this.server, this.clock, options);
    this.here = new MemoryBus(this.server, this.clock, options);
    this.writer = new JournalWriter(this.there, SUBJECT, {
      ...{ id: 'r:0', scheduler: this.clock },
      stored: (messages) => this.stored.push(...messages),
      failed: (error) => this.failures.push(error),
    });
    this.reader = new JournalReader(this.here, 'elpis.g.run.r.from.*', {
      scheduler: this.clock,
      deliver: (_subject, messages) => this.got.push(...messages),
      failed: (_subject, error) => this.failures.push(error),
    });
  }

  send(from: number, to: number): void {
    for (let n = from; n <= to; n++) this.writer.send({ n });
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      this.clock.advance(10);
      for (let turns = 0; turns < 5; turns++) await turn();
    }
  }

  assertGot(to: number): void {
    assert.deepEqual(this.failures, []);
    assert.deepEqual(
      this.got,
      Array.from({ length: to }, (_, i) => ({ n: i + 1 })),
    );
  }
}

describe('the journal of a share', () => {
  it('delivers messages in order, each once; what waits meanwhile is one frame', async () => {
    const journal = new Journal({ delayMs: 5 });
    await journal.reader.replay();
    journal.send(1, 100);
    await journal.pass(50);
    journal.assertGot(100);
    assert.ok(journal.server.stored.length <= 3, `${journal.server.stored.length} frames`);
    assert.equal(journal.stored.length, 100);
  });

  it('keeps messages while there is no connection, and stores each once', async () => {
    const journal = new Journal();
    await journal.reader.replay();
    journal.send(1, 3);
    await journal.pass(10);
    journal.there.cut = true;
    journal.here.cut = true;
    journal.send(4, 9);
    await journal.pass(3000);
    journal.assertGot(3);
    journal.there.cut = false;
    journal.here.cut = false;
    await journal.pass(500);
    journal.assertGot(9);
    assert.equal(journal.server.duplicates, 0);
  });

  it('appends again when an acknowledgement is lost, and the message is stored once', async () => {
    const journal = new Journal();
    await journal.reader.replay();
    journal.there.loseAcks = 2;
    journal.send(1, 1);
    await journal.pass(1000);
    journal.send(2, 2);
    await journal.pass(1000);
    journal.assertGot(2);
    assert.equal(journal.server.stored.length, 2);
    assert.equal(journal.server.duplicates, 2);
  });

  it('reads from the stream what did not arrive: noticed by the next frame, or by the number of the last', async () => {
    const journal = new Journal();
    await journal.reader.replay();
    journal.send(1, 1);
    await journal.pass(10);
    journal.here.deaf = true;
    journal.send(2, 4);
    await journal.pass(10);
    journal.here.deaf = false;
    journal.send(5, 5);
    await journal.pass(10);
    journal.assertGot(5);
    journal.here.deaf = true;
    journal.send(6, 6);
    await journal.pass(10);
    journal.assertGot(5);
    journal.reader.catchUp(SUBJECT, journal.writer.number);
    await journal.pass(10);
    journal.assertGot(6);
  });

  it('reads after a reconnect what did not arrive', async () => {
    const journal = new Journal();
    await journal.reader.replay();
    journal.send(1, 1);
    await journal.pass(10);
    journal.here.deaf = true;
    journal.send(2, 2);
    await journal.pass(10);
    journal.here.deaf = false;
    journal.here.reconnected.next();
    await journal.pass(10);
    journal.assertGot(2);
  });

  it('replays from the beginning, and goes on with what arrives during that', async () => {
    const journal = new Journal();
    journal.send(1, 5);
    await journal.pass(10);
    const replayed = journal.reader.replay();
    journal.send(6, 9);
    await replayed;
    await journal.pass(200);
    journal.assertGot(9);
    assert.deepEqual(journal.reader.readUpTo(SUBJECT).number, journal.server.stored.length);
  });

  it('a writer continues after the last frame of another one', async () => {
    const journal = new Journal();
    await journal.reader.replay();
    journal.send(1, 2);
    await journal.pass(10);
    journal.writer.close();
    const after = journal.reader.readUpTo(SUBJECT);
    const next = new JournalWriter(journal.there, SUBJECT, {
      ...{ id: 'r:0', scheduler: journal.clock, after },
      failed: (error) => journal.failures.push(error),
    });
    next.send({ n: 3 });
    await journal.pass(10);
    journal.assertGot(3);
  });

  it('a list larger than the largest message is sent in parts', async () => {
    const journal = new Journal({ maxBytes: 100 });
    await journal.reader.replay();
    const text = Array.from({ length: 500 }, (_, i) => String((i * 7919) % 1000)).join('');
    journal.writer.send({ text });
    await journal.pass(100);
    assert.deepEqual(journal.got, [{ text }]);
    assert.ok(journal.server.stored.length > 5);
    for (const { data } of journal.server.stored) assert.ok(data.length <= 100);
  });

  it('frames that the stream has lost fail the subject, with their numbers', async () => {
    const journal = new Journal();
    journal.send(1, 1);
    await journal.pass(10);
    journal.send(2, 2);
    await journal.pass(10);
    journal.send(3, 3);
    await journal.pass(10);
    journal.server.stored.splice(1, 1);
    await journal.reader.replay();
    assert.deepEqual(
      journal.failures.map(({ code, message }) => [code, message]),
      [['ELPIS_MESH', `the journal has lost the messages 2 to 2 of ${SUBJECT}`]],
    );
    assert.deepEqual(journal.got, [{ n: 1 }]);
  });

  for (const [what, data] of [
    ['bytes of others', Buffer.from('hello')],
    ['no JSON', packFrame({ number: 1, previous: 0, more: false, body: Buffer.from('\0{') })],
    ['no list', packFrame({ number: 1, previous: 0, more: false, body: Buffer.from('\0{"n":1}') })],
    ['no compressed text', packFrame({ number: 1, previous: 0, more: false, body: Buffer.from('\u0001abc') })],
  ] as const)
    it(`a message with ${what} fails the subject and not the process`, async () => {
      const journal = new Journal();
      await journal.reader.replay();
      journal.server.messages.next({ subject: SUBJECT, data });
      await journal.pass(10);
      assert.deepEqual(
        journal.failures.map(({ code }) => code),
        ['ELPIS_MESH'],
      );
      assert.deepEqual(journal.got, []);
    });

  it('a compressed message may not have more than 64 MiB', () => {
    const bodies = packBodies(`[${'0'.repeat(MAX_MESSAGES_BYTES)}]`, 2 ** 30);
    assert.ok((bodies[0]?.length ?? 0) < 1_000_000, 'a small frame');
    assert.throws(() => unpackBodies(bodies), /more than 64 MiB in one message/);
  });

  it('subjects that are not expected are neither read nor kept, also in a replay', async () => {
    const journal = new Journal();
    const seen: string[] = [];
    const readers = ['live', 'replay'].map((mode) => {
      const reader = new JournalReader(journal.here, 'elpis.g.run.r.from.*', {
        scheduler: journal.clock,
        expects: (subject) => subject === SUBJECT,
        deliver: (subject) => seen.push(`${mode} ${subject}`),
        failed: (subject) => seen.push(`${mode} ${subject} failed`),
      });
      if (mode === 'live') reader.live();
      return reader;
    });
    const other = SUBJECT.replace('from.0', 'from.99');
    for (const [i, data] of [
      packFrame({ number: 7, previous: 0, more: true, body: Buffer.alloc(9) }),
      Buffer.from('x'),
    ].entries())
      await journal.there.append(other, `forged ${i}`, data);
    journal.send(1, 1);
    await journal.pass(100);
    await readers[1]?.replay();
    assert.deepEqual(seen.sort(), [`live ${SUBJECT}`, `replay ${SUBJECT}`]);
  });

  it('a message that NATS refuses for 10 s is an error, once; one that it refuses for a shorter time is stored', async () => {
    const journal = new Journal();
    journal.there.refusal = 'insufficient storage';
    journal.send(1, 1);
    await journal.pass(9000);
    journal.there.cut = true;
    await journal.pass(600);
    journal.there.cut = false;
    await journal.pass(9000);
    journal.there.refusal = undefined;
    await journal.pass(600);
    assert.deepEqual([journal.failures, journal.server.stored.length], [[], 1], 'an interruption begins anew');
    journal.there.refusal = 'insufficient storage';
    journal.send(2, 3);
    await journal.pass(20_000);
    assert.deepEqual(
      journal.failures.map(({ message }) => message),
      ['insufficient storage'],
    );
    await journal.writer.flushed();
  });

  it('too many messages that wait are an error, once, and nothing more is kept', async () => {
    const journal = new Journal();
    journal.there.cut = true;
    journal.send(1, MAX_WAITING + 10);
    await journal.pass(10);
    assert.deepEqual(
      journal.failures.map(({ message }) => message),
      [`${MAX_WAITING} messages wait to be stored by NATS`],
    );
    journal.there.cut = false;
    await journal.pass(1000);
    assert.equal(journal.server.stored.length, 0);
  });

  it('a frame is its bytes', () => {
    const frame = { number: 4_000_000_000, previous: 2 ** 40, more: true, body: Buffer.from('abc') };
    const { body, ...head } = unpackFrame(packFrame(frame));
    assert.deepEqual({ ...head, body: Buffer.from(body).toString() }, { ...frame, body: 'abc' });
  });
});
