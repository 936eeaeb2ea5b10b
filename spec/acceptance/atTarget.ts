import { after, afterEach, before, beforeEach } from 'node:test';
import { startTarget, type Target } from '../../lib/target/target.js';
import { Bench } from './elpis.js';

/**
 * Sets up a folder with the command and a running target, for each test of the surrounding `describe` or once for all.
 *
 * @param use Called with both before each test, or before the first.
 */
export function atTarget(use: (bench: Bench, target: Target) => void, per: 'test' | 'describe' = 'test'): void {
  let bench: Bench;
  let target: Target;
  const open = async (): Promise<void> => {
    target = await startTarget();
    bench = new Bench();
    use(bench, target);
  };
  const close = async (): Promise<void> => {
    await target.close();
    bench.remove();
  };
  if (per === 'test') {
    beforeEach(open);
    afterEach(close);
  } else {
    before(open);
    after(close);
  }
}
