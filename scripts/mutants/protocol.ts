/** What the worker found out about one test, without a mutant. */
export interface TestRecord {
  readonly name: string;
  readonly ms: number;
  /** The time of the processor, in milliseconds. */
  readonly cpuMs: number;
  /** The mutants whose code the test runs. */
  readonly hits: readonly number[];
  /** How often the test asked a switch: a mutant that makes it ask a hundred times more loops without end. */
  readonly asked: number;
  readonly failure?: string;
}

/** What the worker found out about one spec file, without a mutant. */
export interface SpecRecord {
  readonly spec: string;
  /** The mutants whose code runs while the file is loaded. A process that has loaded the file can not switch them on any more. */
  readonly loadHits: readonly number[];
  readonly tests: readonly TestRecord[];
  /** An error outside of the tests. */
  readonly failure?: string;
}

/** One test to run, by its number in its file. */
export interface TestOrder {
  readonly index: number;
  readonly limitMs: number;
  readonly askLimit: number;
}

/** Some tests of one spec file. */
export interface TestsOfSpec {
  readonly spec: string;
  readonly tests: readonly TestOrder[];
}

export type Order =
  | { readonly type: 'record'; readonly spec: string }
  | { readonly type: 'try'; readonly mutant: number; readonly work: readonly TestsOfSpec[] };

/** No mutant: what the tests say of the code as it is. */
export const NONE = -1;

export type Reply =
  | { readonly type: 'record'; readonly record: SpecRecord }
  | {
      readonly type: 'tried';
      readonly mutant: number;
      readonly verdict: 'killed' | 'survived';
      /** The test that failed, and why. */
      readonly by?: { readonly spec: string; readonly index: number; readonly text: string };
      /** The process is not as it was before: the next mutant needs a new one. */
      readonly spent: boolean;
      /** The test fails here without the mutant too, so its failure proves nothing. */
      readonly doubtful: boolean;
    };

/** The exit code of a worker in which a mutant loops without end. */
export const LOOPS = 86;
