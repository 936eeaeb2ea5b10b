import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Subject } from 'rxjs';
import { rememberCommands } from '../../../lib/engine/runPool.js';
import { type Command, command } from '../../../operators/ticks/command.js';

const { pause, resume, scaleBy, setRate, stop } = command;

/** [what was told, what a schedule that starts afterwards is told] */
const TABLE: readonly [told: readonly Command[], sums: readonly Command[]][] = [
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
  for (const [told, sums] of TABLE) {
    const name = (orders: readonly Command[]) =>
      orders.map((order) => Object.values(order).join(' ')).join(', ') || 'none';
    it(`${name(told)}: ${name(sums)}`, () => {
      const source = new Subject<Command>();
      const { commands, subscription } = rememberCommands(source);
      for (const order of told) source.next(order);
      const heard: Command[] = [];
      commands.subscribe((order) => heard.push(order));
      assert.deepEqual(heard, sums);
      source.next(pause());
      assert.deepEqual(heard, [...sums, pause()]);
      subscription.unsubscribe();
      assert.equal(source.observed, false);
    });
  }

  it('tells of an end and of an error those who come later, too', () => {
    const [ends, fails, wrong] = [new Subject<Command>(), new Subject<Command>(), new Subject<Command>()];
    const remembered = [ends, fails, wrong].map((source) => rememberCommands(source));
    ends.complete();
    fails.error('lost');
    wrong.next({ type: 'scale', factor: 0 });
    const heard: string[] = [];
    for (const { commands } of remembered)
      commands.subscribe({
        error: (error: unknown) => heard.push(String(error)),
        complete: () => heard.push('complete'),
      });
    assert.deepEqual(heard.slice(0, 2), ['complete', 'lost']);
    assert.match(String(heard[2]), /the factor can not be 0/);
  });
});
