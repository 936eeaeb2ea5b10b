import fc from 'fast-check';

/** What a fuzzer tries. */
export interface Trial {
  /** The same seed gives the same inputs. */
  readonly seed: number;
  /** How many inputs. */
  readonly runs: number;
  /**
   * Called before each input; with the number of the input, from 1, until one fails. The smaller inputs that are tried
   * after that have no number.
   */
  readonly onInput?: (n?: number) => void;
}

/** An input for which the sentence of a fuzzer does not hold. */
export interface Defect {
  /** The smallest input that was found. */
  readonly input: string;
  readonly error: string;
  /** How many times a smaller input was found. */
  readonly shrinks: number;
}

/** The result of a trial. */
export interface Outcome {
  /** How many inputs were tried, up to the first defect. */
  readonly runs: number;
  readonly defect?: Defect;
}

/** Tries one sentence about the product on random inputs. */
export interface Fuzzer {
  /** What is tried, and in which way: `parser/valid`. */
  readonly name: string;
  /** What holds for every input. */
  readonly holds: string;
  /** How many inputs one round of the soak tries. */
  readonly runs: number;
  readonly play: (trial: Trial) => Promise<Outcome>;
  /** The n-th input of a seed, from 1, as text. */
  readonly inputAt: (seed: number, n: number) => string;
  /** For a spec. @throws the smallest input, when the sentence does not hold */
  readonly assert: (runs: number) => Promise<void>;
}

/** How a fuzzer is described. */
export interface Description<T> extends Pick<Fuzzer, 'name' | 'holds' | 'runs'> {
  readonly input: fc.Arbitrary<T>;
  /** Throws when the sentence does not hold. */
  readonly check: (input: T) => void | Promise<void>;
  /**
   * An input that takes longer is a defect, in milliseconds. For checks that wait; the watchdog of the soak finds
   * checks that never wait.
   */
  readonly limitMs?: number;
  /** Whether smaller inputs are looked for. False if the same input may pass the next time. Default true. */
  readonly shrinks?: boolean;
}

/** The seed of fuzzers in specs, which try the same inputs each time. */
const SPEC_SEED = 20_261_127;

/** Makes a {@link Fuzzer}. */
export function fuzzer<T>({ name, holds, runs, input, check, limitMs, shrinks = true }: Description<T>): Fuzzer {
  const details = async (trial: Trial): Promise<fc.RunDetails<[T]>> => {
    let tried = 0;
    let failed = false;
    const property = fc.asyncProperty(input, async (value) => {
      if (failed) trial.onInput?.();
      else trial.onInput?.(++tried);
      try {
        await check(value);
      } catch (error) {
        failed = true;
        throw error;
      }
    });
    return await fc.check(property, {
      seed: trial.seed,
      numRuns: trial.runs,
      endOnFailure: !shrinks,
      ...(limitMs === undefined ? {} : { timeout: limitMs }),
    });
  };
  const play = async (trial: Trial): Promise<Outcome> => {
    const { failed, numRuns, numShrinks, counterexample, errorInstance } = await details(trial);
    if (!failed) return { runs: numRuns };
    const error =
      errorInstance instanceof Error ? (errorInstance.stack ?? String(errorInstance)) : String(errorInstance);
    return { runs: numRuns, defect: { input: fc.stringify(counterexample?.[0]), error, shrinks: numShrinks } };
  };
  return {
    name,
    holds,
    runs,
    play,
    inputAt: (seed, n) => fc.stringify(fc.sample(input, { seed, numRuns: n })[n - 1]),
    assert: async (wanted) => {
      const { defect } = await play({ seed: SPEC_SEED, runs: wanted });
      if (defect !== undefined) throw new Error(`${name}: ${holds}; not for ${defect.input}\n${defect.error}`);
    },
  };
}
