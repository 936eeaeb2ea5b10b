import type { Work } from './coverage.js';
import { NONE, type TestsOfSpec } from './protocol.js';
import type { WorkerProcess } from './workerProcess.js';

/** What became of a mutant. */
export interface Verdict {
  readonly verdict: 'killed' | 'survived' | 'not covered';
  /** The test that failed, or how the process ended. */
  readonly by?: string;
}

const longest = (work: readonly TestsOfSpec[]): number =>
  10_000 + work.flatMap(({ tests }) => tests).reduce((sum, { limitMs }) => sum + limitMs / 4, 0);

const without = (work: readonly TestsOfSpec[], spec: string, index: number): TestsOfSpec[] =>
  work
    .map((each) => (each.spec === spec ? { ...each, tests: each.tests.filter((test) => test.index !== index) } : each))
    .filter(({ tests }) => tests.length > 0);

const only = (work: readonly TestsOfSpec[], spec: string, index: number): TestsOfSpec[] =>
  work
    .filter((each) => each.spec === spec)
    .map((each) => ({ ...each, tests: each.tests.filter((test) => test.index === index) }));

/** Tries tests that can run in a process that has other mutants behind it. */
async function tryRunning(worker: WorkerProcess, mutant: number, all: readonly TestsOfSpec[]): Promise<Verdict> {
  let work = all;
  while (work.length > 0) {
    const reply = await worker.ask({ type: 'try', mutant, work }, longest(work));
    if (typeof reply === 'string') return { verdict: 'killed', by: reply };
    if (reply.type !== 'tried' || reply.verdict === 'survived') break;
    const { by } = reply;
    if (!reply.doubtful || by === undefined) return { verdict: 'killed', by: `${by?.spec}: ${by?.text}` };
    // It failed with the mutant, and after that without it. Either the mutant broke the process, or the test can not run alone.
    const alone = only(work, by.spec, by.index);
    const control = await worker.ask({ type: 'try', mutant: NONE, work: alone }, longest(alone));
    if (typeof control !== 'string' && control.type === 'tried' && control.verdict === 'survived')
      return { verdict: 'killed', by: `${by.spec}: ${by.text}` };
    work = without(work, by.spec, by.index);
  }
  return { verdict: 'survived' };
}

/** Tries one mutant with its tests, the nearest first, up to the first that fails. */
export async function tryMutant(worker: WorkerProcess, mutant: number, work: Work): Promise<Verdict> {
  if (work.running.length + work.loading.length === 0) return { verdict: 'not covered' };
  const result = await tryRunning(worker, mutant, work.running);
  if (result.verdict === 'killed') return result;
  for (const spec of work.loading) {
    const reply = await worker.ask({ type: 'try', mutant, work: [spec] }, longest([spec]), mutant);
    if (typeof reply === 'string') return { verdict: 'killed', by: reply };
    if (reply.type === 'tried' && reply.verdict === 'killed')
      return { verdict: 'killed', by: `${reply.by?.spec}: ${reply.by?.text}` };
  }
  return { verdict: 'survived' };
}
