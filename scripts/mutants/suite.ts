// The part of `node:test` that the specs use, with one thing more: the tests of a file can be run again and again, any of them alone.
// The build of a mutation run puts this in the place of `node:test`.

// The timers as they were before a spec put others in their place.
const { setTimeout, clearTimeout } = globalThis;

type Body = (context: TestContext) => unknown;

/** What a test is handed. */
export interface TestContext {
  readonly name: string;
  /** Calls `undo` when the test has ended. */
  after(undo: () => unknown): void;
}

export interface Test {
  readonly name: string;
  readonly suite: Suite;
  readonly body: Body;
}

export interface Suite {
  readonly name: string;
  readonly parent: Suite | undefined;
  readonly before: Body[];
  readonly after: Body[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
}

const suiteOf = (name: string, parent?: Suite): Suite => ({
  ...{ name, parent },
  ...{ before: [], after: [], beforeEach: [], afterEach: [] },
});

let current = suiteOf('');
let found: Test[] = [];

/**
 * The tests that a file declares while `load` imports it.
 * @throws what the file throws
 */
export async function testsOf(load: () => Promise<unknown>): Promise<readonly Test[]> {
  current = suiteOf('');
  found = [];
  await load();
  return found;
}

const bodyOf = (args: readonly unknown[]): Body => {
  const body = args.at(-1);
  return typeof body === 'function' ? (body as Body) : () => undefined;
};

export function describe(name: string, ...args: readonly unknown[]): void {
  const outer = current;
  current = suiteOf(name, outer);
  try {
    const result = bodyOf(args)({ name, after: () => undefined });
    if (result instanceof Promise) throw new Error(`describe(${JSON.stringify(name)}) can not be asynchronous here`);
  } finally {
    current = outer;
  }
}

export function it(name: string, ...args: readonly unknown[]): void {
  found.push({ name, suite: current, body: bodyOf(args) });
}

export const before = (body: Body): unknown => current.before.push(body);
export const after = (body: Body): unknown => current.after.push(body);
export const beforeEach = (body: Body): unknown => current.beforeEach.push(body);
export const afterEach = (body: Body): unknown => current.afterEach.push(body);
export const test = it;
export default it;

/** The suites around a test, the outermost first. */
export function suitesAround(test: Test): readonly Suite[] {
  const suites: Suite[] = [];
  for (let suite: Suite | undefined = test.suite; suite !== undefined; suite = suite.parent) suites.unshift(suite);
  return suites;
}

/** A test took longer than its limit. */
export class TestTooLong extends Error {}

async function within(body: () => unknown, limitMs: number): Promise<void> {
  const result = body();
  if (!(result instanceof Promise)) return;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TestTooLong(`took longer than ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([result, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs some tests of one file, in their order.
 * Hooks of a suite run around its first and last test. What a suite made outside of `before` it has made once for all runs, so
 * an `after` hook without a `before` hook does not run: it would remove that for the next run.
 * @param limitMs the longest time of each test, in milliseconds
 * @returns the first failure, with the test; `undefined` when all passed
 */
export async function runTests(
  tests: readonly Test[],
  limitMs: (test: Test) => number,
  started: (test: Test) => void = () => undefined,
): Promise<{ readonly test: Test; readonly error: unknown } | undefined> {
  const open: Suite[] = [];
  const leave = async (suite: Suite): Promise<void> => {
    open.splice(open.indexOf(suite), 1);
    if (suite.before.length === 0) return;
    for (const hook of suite.after) await hook({ name: suite.name, after: () => undefined });
  };
  const leaveAllBut = async (kept: readonly Suite[]): Promise<void> => {
    for (const suite of open.toReversed()) if (!kept.includes(suite)) await leave(suite);
  };
  for (const test of tests) {
    started(test);
    try {
      const suites = suitesAround(test);
      await leaveAllBut(suites);
      await within(async () => runTest(test, suites, open), limitMs(test));
    } catch (error) {
      await leaveAllBut([]).catch(() => undefined);
      return { test, error };
    }
  }
  await leaveAllBut([]);
  return undefined;
}

async function runTest(test: Test, suites: readonly Suite[], open: Suite[]): Promise<void> {
  const undos: (() => unknown)[] = [];
  const context: TestContext = { name: test.name, after: (undo) => undos.push(undo) };
  for (const suite of suites) {
    if (open.includes(suite)) continue;
    open.push(suite);
    for (const hook of suite.before) await hook(context);
  }
  for (const suite of suites) for (const hook of suite.beforeEach) await hook(context);
  try {
    await test.body(context);
  } finally {
    for (const undo of undos) await undo();
    for (const suite of suites.toReversed()) for (const hook of suite.afterEach) await hook(context);
  }
}
