import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterCallback, realTimeScheduler } from '../../../../lib/time/realTime.js';
import { Flusher } from '../../../../lib/wire/http2/flusher.js';

describe('Flusher', () => {
  it('writes once for a callback of the event loop, before the next one, even when both are at the end of a turn', async () => {
    const heard: string[] = [];
    const flusher = new Flusher(afterCallback(realTimeScheduler));
    const connection = (name: string) => ({ flush: () => void heard.push(`flush ${name}`) });
    await new Promise<void>((resolve) => {
      realTimeScheduler.schedule(() => {
        flusher.add(connection('a'));
        flusher.add(connection('b'));
        heard.push('end of the first');
      });
      realTimeScheduler.schedule(() => {
        flusher.add(connection('a'));
        heard.push('end of the second');
      });
      realTimeScheduler.schedule(resolve);
    });
    assert.deepEqual(heard, ['end of the first', 'flush a', 'flush b', 'end of the second', 'flush a']);
  });

  it('a connection that collects more while others are written is written after the callback again', () => {
    const work: (() => void)[] = [];
    const flusher = new Flusher((each) => void work.push(each));
    const heard: string[] = [];
    const second = { flush: () => void heard.push('second') };
    flusher.add({
      flush: () => {
        heard.push('first');
        flusher.add(second);
      },
    });
    assert.equal(work.length, 1);
    work.shift()?.();
    assert.deepEqual([heard, work.length], [['first'], 1]);
    work.shift()?.();
    assert.deepEqual([heard, work.length], [['first', 'second'], 0]);
  });
});
