import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Subject } from 'rxjs';
import { rememberCommands } from '../../../lib/engine/rememberCommands.js';
import { type Command, command } from '../../../operators/ticks/command.js';

const { pause, resume, scaleBy, setRate, stop } = command;

/** [the commands so far, the commands that a schedule that starts afterwards receives] */
const TABLE: readonly [sent: readonly Command[], sums: readonly Command[]][] = [
  [[], []],
  [[pause()], [pause()]],
  [[pause(), resume()], []],
  [[scaleBy(2), scaleBy(3)], [scaleBy(6)]],
  [[scaleBy(2), scaleBy(0.5)], []],
  [[setRate(10), setRate(20)], [setRate(20)]],
  [
    [setRate(10), scaleBy(2)],
    [scaleBy(2), setRate(20)],
  ],
  [
    [scaleBy(2), setRate(10), pause(), stop()],
    [scaleBy(2), setRate(10), pause(), stop()],
  ],
];

describe('rememberCommands', () => {
  for (const [sent, sums] of TABLE) {
    const name = (orders: readonly Command[]) =>
      orders.map((order) => Object.values(order).join(' ')).join(', ') || 'none';
    it(`${name(sent)}: ${name(sums)}`, () => {
      const source = new Subject<Command>();
      const { commands, subscription } = rememberCommands(source);
      for (const order of sent) source.next(order);
      const received: Command[] = [];
      commands.subscribe((order) => received.push(order));
      assert.deepEqual(received, sums);
      source.next(pause());
      assert.deepEqual(received, [...sums, pause()]);
      subscription.unsubscribe();
      assert.equal(source.observed, false);
    });
  }

  it('completes and errors also for later subscribers', () => {
    const [ends, fails, wrong] = [new Subject<Command>(), new Subject<Command>(), new Subject<Command>()];
    const remembered = [ends, fails, wrong].map((source) => rememberCommands(source));
    ends.complete();
    fails.error('lost');
    wrong.next({ type: 'scale', factor: 0 });
    const received: string[] = [];
    for (const { commands } of remembered)
      commands.subscribe({
        error: (error: unknown) => received.push(String(error)),
        complete: () => received.push('complete'),
      });
    assert.deepEqual(received.slice(0, 2), ['complete', 'lost']);
    assert.match(String(received[2]), /the factor cannot be 0/);
  });
});
