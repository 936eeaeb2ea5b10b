import { basename, dirname } from 'node:path';
import type { SpecRecord, TestsOfSpec } from './protocol.js';

/** What a mutant is tried with. */
export interface Work {
  /** Tests that run its code, the nearest spec first. Any process can run them. */
  readonly running: readonly TestsOfSpec[];
  /** Specs that run its code while they are loaded: each needs a process in which the mutant is on from the start. */
  readonly loading: readonly TestsOfSpec[];
}

/**
 * A mutant is tried with the nearest tests only, as many as take this long together, by the time of the processor: so
 * other load on the machine does not change which tests are chosen.
 */
const LONGEST_WORK_MS = 4000;

/** A test may take this much longer than without the mutant before it counts as failed. */
const limitMs = (ms: number): number => 2000 + 10 * ms;
const askLimit = (asked: number): number => 100_000 + 100 * asked;

/** 0: the spec of this file. 1: a spec of its folder. 2: any other. */
function distance(spec: string, file: string): number {
  const name = basename(spec, '-spec.ts');
  if (name === basename(file, '.ts')) return 0;
  return dirname(spec) === `spec/${dirname(file)}` ? 1 : 2;
}

const timeOf = ({ tests }: SpecRecord): number => tests.reduce((sum, { cpuMs }) => sum + cpuMs, 0);

function choose(
  records: readonly SpecRecord[],
  file: string,
  wanted: (record: SpecRecord) => readonly number[],
): TestsOfSpec[] {
  const found = records.filter((record) => wanted(record).length > 0);
  const cost = ({ tests }: SpecRecord, indexes: readonly number[]): number =>
    indexes.reduce((sum, index) => sum + (tests[index]?.cpuMs ?? 0), 0);
  const sorted = found.sort(
    (a, b) => distance(a.spec, file) - distance(b.spec, file) || timeOf(a) - timeOf(b) || (a.spec < b.spec ? -1 : 1),
  );
  const chosen: TestsOfSpec[] = [];
  let spent = 0;
  for (const record of sorted) {
    const indexes = wanted(record);
    const ms = cost(record, indexes);
    if (chosen.length > 0 && spent + ms > LONGEST_WORK_MS) continue;
    spent += ms;
    const tests = indexes.map((index) => {
      const { ms: usual = 0, asked = 0 } = record.tests[index] ?? {};
      return { index, limitMs: limitMs(usual), askLimit: askLimit(asked) };
    });
    chosen.push({ spec: record.spec, tests });
  }
  return chosen;
}

/** Finds the tests for each mutant from what the specs ran without any. */
export function workFor(mutant: number, file: string, records: readonly SpecRecord[]): Work {
  return {
    running: choose(records, file, ({ tests }) =>
      tests.flatMap(({ hits, failure }, index) => (failure === undefined && hits.includes(mutant) ? [index] : [])),
    ),
    loading: choose(records, file, ({ loadHits, tests }) =>
      loadHits.includes(mutant) ? [...tests.keys()].filter((index) => tests[index]?.failure === undefined) : [],
    ),
  };
}
