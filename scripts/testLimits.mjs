// Loaded before a spec file: gives each test a time limit of its own, unless the test sets one (`it('...', { timeout: 90_000 }, ...)`).
// The option --test-timeout is no help: it limits a whole file.
import { createRequire, syncBuiltinESMExports } from 'node:module';

/** The longest time of one test, on a machine that does other work beside it. */
const LONGEST_TEST_MS = Number(process.env.SPEC_LONGEST_TEST_MS ?? 60_000);

const runner = createRequire(import.meta.url)('node:test');

const limited =
  (declare) =>
  (...args) => {
    const body = args.find((each) => typeof each === 'function');
    const options = args.find((each) => typeof each === 'object' && each !== null);
    const name = typeof args[0] === 'string' ? args[0] : undefined;
    return declare(name, { timeout: LONGEST_TEST_MS, ...options }, body);
  };

runner.it = Object.assign(limited(runner.it), runner.it);
runner.test = Object.assign(limited(runner.test), runner.test);
syncBuiltinESMExports();
