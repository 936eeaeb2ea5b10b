import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonValues } from '../../../lib/builtins/components.js';
import { PENDING } from '../../../lib/core/cursor.js';
import { openCursor } from '../../../lib/pull/openCursor.js';
import { FakeLog, fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { FakeProvider } from '../../../lib/testing/fakeProvider.js';
import { FakeSchedule } from '../../../lib/testing/fakeSchedule.js';
import { MemorySink, MemorySource } from '../../../lib/testing/memory.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';

async function read(source: MemorySource, signal?: AbortSignal): Promise<string[]> {
  const chunks: string[] = [];
  for await (const chunk of source.open(signal)) chunks.push(Buffer.from(chunk).toString());
  return chunks;
}

describe('FakeSchedule', () => {
  it('is pulled by shoot: each tick fires at its moment, and what is not used is given back', () => {
    const clock = new VirtualClock(1000);
    const schedule = new FakeSchedule();
    const provider = new FakeProvider<string>().load('a', 'b', 'c');
    const guns = new FakeGunFactory<string>({ scheduler: clock, latencyMs: 10 });
    let completed = false;
    schedule.pipe(zipAmmo(provider), shoot(guns, { instances: 2, scheduler: clock })).subscribe({
      complete: () => {
        completed = true;
      },
    });
    clock.run();
    assert.deepEqual([guns.shots.length, completed], [0, false]);
    schedule.load(1100, 1250);
    clock.run();
    assert.deepEqual(
      guns.shots.map(({ ammo, started, index }) => [ammo, started, index]),
      [
        ['a', 1100, 0],
        ['b', 1250, 1],
      ],
    );
    schedule.finish();
    clock.run();
    assert.deepEqual([completed, schedule.opened, schedule.closed, provider.givenBack], [true, 1, 1, ['c']]);
  });

  it('is played to subscribers, fails after fail, and takes values back', () => {
    const schedule = new FakeSchedule().load(5).fail(new RangeError('broken'));
    const cursor = openCursor(schedule, new VirtualClock());
    const tick = cursor.poll();
    assert.notEqual(tick, PENDING);
    cursor.giveBack(tick as (typeof schedule.taken)[number]);
    assert.deepEqual(cursor.poll(), { index: 0, at: 5 });
    assert.throws(() => cursor.poll(), RangeError);
    assert.deepEqual([schedule.taken.length, schedule.givenBack.length], [2, 1]);
  });

  it('returns how many are left after finish, and when it ends', () => {
    const schedule = new FakeSchedule().load(5, 6);
    const cursor = openCursor(schedule, new VirtualClock());
    assert.equal(cursor.left(), undefined);
    schedule.finish(60);
    assert.deepEqual([cursor.left(), cursor.finish()], [2, 60]);
  });
});

describe('MemorySource', () => {
  it('hands out its chunks, again and again, and counts', async () => {
    const source = new MemorySource(['one', Buffer.from('two')]);
    assert.deepEqual(
      [await read(source), await read(source)],
      [
        ['one', 'two'],
        ['one', 'two'],
      ],
    );
    assert.deepEqual([source.opened, source.closed, source.name, source.rereadable], [2, 2, 'memory', true]);
  });

  it('closes when its reader leaves, and when it is aborted', async () => {
    const source = new MemorySource(['one', 'two']);
    for await (const chunk of source.open()) {
      assert.equal(chunk.length, 3);
      break;
    }
    assert.deepEqual(await read(source, AbortSignal.abort()), []);
    assert.deepEqual([source.opened, source.closed], [2, 2]);
  });

  it('fails after its chunks, and may be readable only once', async () => {
    const source = new MemorySource(['one'], { error: new RangeError('torn'), rereadable: false, name: 'tape' });
    await assert.rejects(read(source), RangeError);
    await assert.rejects(read(source), /tape can be read only once/);
    assert.deepEqual([source.opened, source.closed], [1, 1]);
  });

  it('feeds a provider', async () => {
    const source = new MemorySource(['{"n":1}\n{"n"', ':2}\n']);
    const cursor = openCursor(jsonValues({ source, passes: 1 }, fakeDeps()), new VirtualClock());
    await new Promise<void>((resolve) => {
      if (cursor.poll() === PENDING) cursor.whenReady(resolve);
      else resolve();
    });
    assert.notEqual(cursor.poll(), PENDING);
    cursor.close();
  });
});

describe('the other fakes', () => {
  it('MemorySink keeps what was written', async () => {
    const sink = new MemorySink();
    await new Promise<void>((resolve) => {
      const stream = sink.open();
      stream.write('one ');
      stream.end('two', resolve);
    });
    assert.deepEqual([sink.opened, sink.closed, sink.text], [1, 1, 'one two']);
  });

  it('FakeLog keeps its lines; fakeDeps use nothing of the process', () => {
    const log = new FakeLog();
    log.warn('careful', { of: 1 });
    assert.deepEqual(log.lines, [{ level: 'warn', message: 'careful', fields: { of: 1 } }]);
    const deps = fakeDeps({ log });
    assert.deepEqual([deps.log, deps.scheduler.now(), deps.random() === fakeDeps().random()], [log, 0, true]);
  });
});
