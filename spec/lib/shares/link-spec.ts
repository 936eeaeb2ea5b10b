import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isElpisError } from '../../../lib/core/errors.js';
import { type MemoryLinkOptions, memoryLinks } from '../../../lib/shares/link.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

function pair(options?: MemoryLinkOptions) {
  const [here, there] = memoryLinks<unknown, unknown>(options);
  const seen: unknown[] = [];
  const read = (): void => {
    there.messages.subscribe({
      next: (message) => seen.push(message),
      error: (error: unknown) => seen.push(isElpisError(error) ? error.code : error),
      complete: () => seen.push('|'),
    });
  };
  return { here, there, seen, read };
}

describe('a link in memory', () => {
  it('keeps what is sent before it is read, in order, and clones it', () => {
    const { here, seen, read } = pair();
    const message = { list: [1] };
    here.send(message);
    message.list.push(2);
    here.send('b');
    read();
    here.send('c');
    assert.deepEqual(seen, [{ list: [1] }, 'b', 'c']);
  });

  it('refuses values that a thread cannot receive', () => {
    assert.throws(() => pair().here.send(() => 1), { name: 'DataCloneError' });
  });

  it('delivers what is sent while a message is handled after that message', () => {
    const [here, there] = memoryLinks<string, number>();
    const log: string[] = [];
    there.messages.subscribe((count) => {
      log.push(`> ${count}`);
      if (count < 3) here.send(count + 1);
      log.push(`< ${count}`);
    });
    here.send(1);
    assert.deepEqual(log, ['> 1', '< 1', '> 2', '< 2', '> 3', '< 3']);
  });

  for (const end of ['here', 'there'] as const) {
    it(`completes both ends when ${end} is closed, once, after what was sent; later messages are dropped`, () => {
      const links = pair();
      const back: unknown[] = [];
      links.here.messages.subscribe({ next: (m) => back.push(m), complete: () => back.push('|') });
      links.here.send('a');
      links[end].close();
      links[end].close();
      links.here.send('b');
      links.there.send('c');
      links.read();
      assert.deepEqual([links.seen, back], [['a', '|'], ['|']]);
    });
  }

  it('delivers messages and the close with a delay on the scheduler', () => {
    const clock = new VirtualClock();
    const { here, seen, read } = pair({ scheduler: clock, delayMs: 10 });
    read();
    here.send('a');
    clock.advance(5);
    here.send('b');
    here.close();
    clock.advance(4);
    assert.deepEqual(seen, []);
    clock.advance(1);
    assert.deepEqual(seen, ['a']);
    clock.advance(5);
    assert.deepEqual(seen, ['a', 'b', '|']);
  });

  it('breaks when more messages wait than it can hold', () => {
    const { here, seen, read } = pair({ capacity: 2 });
    for (const message of ['a', 'b', 'c', 'd']) here.send(message);
    read();
    assert.deepEqual(seen, ['a', 'b', 'ELPIS_SHARE']);
  });
});
