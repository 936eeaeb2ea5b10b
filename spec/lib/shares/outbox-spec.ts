import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtins } from '../../../lib/builtins/builtins.js';
import { struct } from '../../../lib/codec/struct.js';
import type { PoolEvent } from '../../../lib/engine/runEvent.js';
import { component } from '../../../lib/plugin/component.js';
import { Outbox } from '../../../lib/shares/outbox.js';
import type { FromShare } from '../../../lib/shares/protocol.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { SharedPlay } from './play.js';

const PROGRESS = {
  ...{ elapsed: 0, requests: 0, responses: 0, inFlight: 0, instances: 0, instancesStarted: 0, instancesGrown: 0 },
  ...{ discarded: 0, unfinished: 0, emptyShots: 0 },
};
const started = (pool: string): FromShare => ({ type: 'event', event: { type: 'pool-started', pool, at: 0 } });
const progress = (pool: string, requests: number): FromShare => ({
  type: 'event',
  event: { type: 'progress', pool, at: 0, progress: { ...PROGRESS, requests } },
});
const line = (message: string): FromShare => ({ type: 'log', level: 'info', message, fields: {} });

function outbox(credit: number) {
  const sent: string[] = [];
  const say = (event: PoolEvent): string =>
    event.type === 'progress' ? `${event.pool} ${event.progress.requests}` : `${event.type} ${event.pool}`;
  const box = new Outbox(
    (message) =>
      sent.push(
        message.type === 'event' ? say(message.event) : message.type === 'log' ? message.message : message.type,
      ),
    (limit) => sent.push(`overflow ${limit}`),
  );
  box.limit(credit);
  return { box, sent };
}

const LAST: FromShare = { type: 'finished', counters: { logsDropped: 0, progressReplaced: 0, longestSinkWaitMs: 0 } };

describe('the outbox of a share', () => {
  it('sends while it has credit; then events wait and lines of the log are dropped and counted', () => {
    const { box, sent } = outbox(2);
    for (const message of [line('a'), started('p'), line('b'), line('c'), started('q')]) box.post(message);
    assert.deepEqual(sent, ['a', 'pool-started p']);
    box.received(2);
    box.post(line('d'));
    box.post(line('e'));
    assert.deepEqual(sent, ['a', 'pool-started p', 'pool-started q', 'd']);
    assert.deepEqual(box.counters, { logsDropped: 3, progressReplaced: 0 });
  });

  it('keeps only the last progress of each pool that waits', () => {
    const { box, sent } = outbox(0);
    for (const message of [progress('p', 1), progress('q', 1), progress('p', 2), progress('p', 3)]) box.post(message);
    box.received(9);
    assert.deepEqual(sent, ['q 1', 'p 3']);
    assert.deepEqual(box.counters, { logsDropped: 0, progressReplaced: 2 });
  });

  it('holds at most 1024 events: one more drops them, and calls onOverflow', () => {
    const { box, sent } = outbox(0);
    for (let i = 0; i < 1024; i++) box.post(started(`p${i}`));
    assert.deepEqual(sent, []);
    box.post(started('q'));
    assert.deepEqual(sent, ['overflow 1024']);
    let ended = 0;
    box.end({ ...LAST }, () => ended++);
    assert.deepEqual([sent.at(-1), ended], ['finished', 1]);
  });

  it('sends the last message once, after all waiting ones, and nothing after it', () => {
    const { box, sent } = outbox(0);
    let ended = 0;
    box.post(started('p'));
    box.end(LAST, () => ended++);
    box.end(LAST, () => ended++);
    box.post(started('q'));
    assert.deepEqual([sent, ended], [[], 0]);
    box.received(1);
    assert.deepEqual([sent, ended], [['pool-started p', 'finished'], 1]);
    box.received(1);
    assert.equal(ended, 1);
  });
});

describe('a share that floods', () => {
  const flooding = component({
    kind: 'gun',
    name: 'chatty',
    summary: 'Writes 100 lines per shot.',
    options: struct('chatty', {}),
    create: (_config, { log, scheduler }) =>
      new FakeGunFactory({
        scheduler,
        onShoot: () => {
          for (let i = 0; i < 100; i++) log.info('a line');
        },
      }),
  });
  const config = {
    pools: [
      {
        id: 'p',
        gun: { type: 'chatty' },
        ammo: { type: 'uri', uris: ['/ a'] },
        result: { type: 'discard' },
        rps: { type: 'const', ops: 100, duration: '1s' },
        startup: { type: 'once', times: 2 },
      },
    ],
  };

  it('its log: lines beyond the credit are dropped and counted, the count is reported, and all events arrive', async () => {
    const registry = builtins().register(flooding);
    const play = new SharedPlay({ of: 2, messageMs: 50, run: { credit: 8 }, registry, config: () => config });
    await play.toTheEnd();
    assert.equal(play.ended, 'completed');
    const came = play.log.lines.filter(({ message }) => message === 'a line').length;
    const dropped = play.log.lines.flatMap(
      ({ message }) => /^share \d of 2 dropped (\d+) lines/.exec(message)?.[1] ?? [],
    );
    assert.equal(dropped.length, 2);
    assert.equal(came + dropped.reduce((sum, count) => sum + Number(count), 0), 100 * 100);
    assert.ok(came < 400, `${came} lines`);
    assert.equal(play.events.at(-1)?.type, 'pool-finished');
  });

  for (const credit of [1, 2, 3, 256]) {
    it(`with a credit of ${credit} never has more than that under way`, async () => {
      let underWay = 0;
      let most = 0;
      const registry = builtins().register(flooding);
      const play = new SharedPlay({ of: 1, messageMs: 20, run: { credit }, registry, config: () => config });
      const counted = (type: string): boolean => type === 'event' || type === 'log' || type === 'ready';
      let sent = 0;
      let orders = 0;
      while (play.ended === undefined) {
        await play.play(5);
        underWay += play.sent.slice(sent).filter(({ message }) => counted(message.type)).length;
        sent = play.sent.length;
        for (const { message } of play.orders.slice(orders))
          if (message.type === 'received') underWay -= message.messages;
        orders = play.orders.length;
        most = Math.max(most, underWay);
      }
      assert.equal(play.ended, 'completed');
      assert.ok(most <= credit && most > 0, String(most));
    });
  }
});
