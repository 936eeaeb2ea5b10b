// A process of a mutation run: loads spec files of the build, and runs their tests with one mutant on.
// Speaks `Order` and `Reply` with the process that started it. `MUTANT` names a mutant that is on from the start, for those
// whose code runs while a file is loaded.
import { LOOPS, NONE, type Order, type Reply, type SpecRecord, type TestRecord, type TestsOfSpec } from './protocol.js';
import { runTests, type Test, TestTooLong, testsOf } from './suite.js';

// The timers as they were before a spec put others in their place.
const { setTimeout, setImmediate } = globalThis;

const fromStart = Number(process.env.MUTANT ?? NONE);
const files = new Map<string, readonly Test[]>();

let active = fromStart;
let asked = 0;
let askLimit = Number.POSITIVE_INFINITY;
let hits: Set<number> | undefined;
/** Errors that came outside of a call, such as from a timer. */
const stray: unknown[] = [];
process.on('uncaughtException', (error) => stray.push(error));
process.on('unhandledRejection', (error) => stray.push(error));

Object.defineProperty(globalThis, '__mutant', {
  value: (id: number): boolean => {
    asked++;
    hits?.add(id);
    if (asked > askLimit) process.exit(LOOPS);
    return id === active;
  },
});

const text = (error: unknown): string => String(error instanceof Error ? error.message : error).slice(0, 300);

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(() => setImmediate(resolve), 0));

async function load(spec: string): Promise<readonly Test[]> {
  let tests = files.get(spec);
  if (tests === undefined) {
    tests = await testsOf(() => import(spec));
    files.set(spec, tests);
  }
  return tests;
}

async function record(spec: string): Promise<SpecRecord> {
  hits = new Set();
  const records: TestRecord[] = [];
  try {
    const tests = await load(spec);
    const loadHits = [...hits];
    for (const test of tests) {
      hits = new Set();
      asked = 0;
      const started = performance.now();
      const used = process.cpuUsage();
      const failed = await runTests([test], () => 60_000);
      const { user, system } = process.cpuUsage(used);
      const ms = performance.now() - started;
      await turn();
      const failure = failed?.error ?? stray.shift();
      const found = { name: test.name, ms, cpuMs: (user + system) / 1000, hits: [...hits], asked };
      records.push(failure === undefined ? found : { ...found, failure: text(failure) });
    }
    return { spec, loadHits, tests: records };
  } catch (error) {
    return { spec, loadHits: [], tests: records, failure: text(error) };
  } finally {
    hits = undefined;
  }
}

type Tried = Omit<Extract<Reply, { type: 'tried' }>, 'type' | 'mutant'>;

async function attempt(mutant: number, { spec, tests: wanted }: TestsOfSpec): Promise<Tried> {
  const loaded = await load(spec);
  const limits = new Map(wanted.map((each) => [loaded[each.index] as Test, each]));
  active = mutant;
  const failed = await runTests(
    [...limits.keys()],
    (test) => limits.get(test)?.limitMs ?? 0,
    (test) => {
      asked = 0;
      askLimit = limits.get(test)?.askLimit ?? 0;
    },
  );
  await turn();
  active = fromStart;
  askLimit = Number.POSITIVE_INFINITY;
  if (failed === undefined && stray.length === 0) return { verdict: 'survived', spent: false, doubtful: false };
  const error = failed?.error ?? stray[0];
  const index = failed === undefined ? -1 : loaded.indexOf(failed.test);
  const by = { spec, index, text: `${failed?.test.name ?? 'after the tests'}: ${text(error)}` };
  if (stray.length > 0 || error instanceof TestTooLong) return { verdict: 'killed', by, spent: true, doubtful: false };
  if (fromStart !== NONE || failed === undefined) return { verdict: 'killed', by, spent: true, doubtful: false };
  // The mutant may have left something broken behind: the same test must pass without it, in this process.
  const again = await runTests([failed.test], () => 10_000);
  await turn();
  const doubtful = again !== undefined || stray.length > 0;
  return { verdict: 'killed', by, spent: doubtful, doubtful };
}

async function tried(mutant: number, work: readonly TestsOfSpec[]): Promise<Reply> {
  for (const each of work) {
    const result = await attempt(mutant, each).catch((error: unknown): Tried => {
      const by = { spec: each.spec, index: -1, text: text(error) };
      return { verdict: 'killed', by, spent: true, doubtful: false };
    });
    if (result.verdict === 'killed') return { type: 'tried', mutant, ...result };
  }
  return { type: 'tried', mutant, verdict: 'survived', spent: false, doubtful: false };
}

process.on('message', async (order: Order) => {
  const reply: Reply =
    order.type === 'record'
      ? { type: 'record', record: await record(order.spec) }
      : await tried(order.mutant, order.work);
  process.send?.(reply);
});
process.on('disconnect', () => process.exit(0));
