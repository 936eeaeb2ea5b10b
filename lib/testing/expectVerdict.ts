import assert from 'node:assert/strict';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../builtins/builtins.js';
import { parseDuration } from '../codec/duration.js';
import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import type { VerdictLevel } from '../measure/runVerdict.js';
import { sinceText, stateText } from '../measure/stateText.js';
import type { TargetModel } from '../rehearsal/models/targetModel.js';
import type { RehearsedOutcome } from '../rehearsal/rehearsal.js';
import { rehearse } from '../rehearsal/rehearse.js';
import { fakeDeps } from './fakeDeps.js';
import type { VirtualRunOptions } from './virtualRun.js';

/** Assertions on the judgement of a rehearsed run. Each rejects with an `AssertionError`, or with the error of a run that failed by itself. */
export interface ExpectedVerdict {
  /** No threshold is violated, and the verdict is not INVALID. */
  toPass(): Promise<void>;
  /** The verdict has this level; with codes, its reasons are exactly these, in any order. */
  toBe(level: VerdictLevel, ...codes: readonly string[]): Promise<void>;
  /** The threshold with this text is violated; with a time, at the end of the window at that time after the start of the run. */
  toViolate(condition: string, at?: string): Promise<void>;
  /** A rule stops the run at this time after its start, such as `2m30s`: the end of the window that it judged. */
  toStopAt(at: string): Promise<void>;
  /** No rule stops the run. */
  toPlayToTheEnd(): Promise<void>;
}

function lengthOf(text: string): Millis {
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new ElpisError('ELPIS_CONFIG', `expectVerdict: ${JSON.stringify(text)} is not a duration`, {
      hint: 'such as 2m30s',
    });
  return ms;
}

/** The outcome of the rehearsal. An error of the judgement is a part of it. */
async function outcomeOf(
  config: unknown,
  { registry = builtins(), env = {}, deps = {}, ...options }: VirtualRunOptions,
): Promise<RehearsedOutcome> {
  const { stdin, stdout, stderr, log } = fakeDeps(deps);
  const settings = { registry, env, deps: { stdin, stdout, stderr, log }, writeResults: options.writeResults ?? false };
  const rehearsed = await rehearse(config, { ...options, ...settings })();
  if (isLeft(rehearsed)) throw rehearsed.left;
  const { error, outcome } = rehearsed.right;
  const judged = error instanceof ElpisError && (error.code === 'ELPIS_THRESHOLDS' || error.code === 'ELPIS_VERDICT');
  if (outcome === undefined || (error !== undefined && !judged)) throw error;
  return outcome;
}

const statesText = ({ thresholds = [] }: RehearsedOutcome): string =>
  thresholds.map((state) => `${state.violated ? 'violated' : state.status}: ${stateText(state)}`).join('\n');

/** When a rule stopped the run: the end of the window with which the first threshold that stops was violated. */
function stoppedAt({ thresholds = [], ending, startedAt }: RehearsedOutcome): Millis | undefined {
  const stops = thresholds.flatMap(({ otherwise, violatedAt }) =>
    otherwise === 'stop' && violatedAt !== undefined ? [violatedAt] : [],
  );
  return ending.by !== 'rule' || stops.length === 0 ? undefined : Math.min(...stops) - startedAt;
}

/**
 * Rehearses a config in virtual time against a model of its target, and asserts on its thresholds and its verdict: a proof, before the
 * first packet, that a rule stops the run when it should, and only then. No result is written.
 *
 * @param config A path, or a value made by `defineConfig` or plain data.
 * @param target The model.
 * @example
 * const outage = failureScript('ok 2m, 503 1m, ok');
 * await expectVerdict('./load.yaml', inSeries(constantLatency(20), outage)).toStopAt('2m5s');
 */
export function expectVerdict(
  config: unknown,
  target: TargetModel,
  options: Omit<VirtualRunOptions, 'target'> = {},
): ExpectedVerdict {
  const played = (): Promise<RehearsedOutcome> => outcomeOf(config, { ...options, target });
  return {
    toPass: async () => {
      const outcome = await played();
      const violated = (outcome.thresholds ?? []).filter((state) => state.violated && state.otherwise !== 'warn');
      assert.equal(violated.length, 0, `expected that no threshold is violated:\n${statesText(outcome)}`);
      const { level, reasons } = outcome.verdict;
      assert.notEqual(level, 'INVALID', reasons.map(({ text }) => text).join('\n'));
    },
    toBe: async (level, ...codes) => {
      const { verdict } = await played();
      assert.equal(verdict.level, level, verdict.reasons.map(({ text }) => text).join('\n'));
      const found = verdict.reasons.map(({ code }) => code);
      if (codes.length > 0) assert.deepEqual([...found].sort(), [...codes].sort());
    },
    toViolate: async (condition, at) => {
      const outcome = await played();
      const state = outcome.thresholds?.find((each) => each.condition === condition);
      assert.ok(state !== undefined, `there is no threshold ${condition}:\n${statesText(outcome)}`);
      assert.ok(state.violatedAt !== undefined, `expected that ${condition} is violated:\n${statesText(outcome)}`);
      if (at === undefined) return;
      const since = state.violatedAt - outcome.startedAt;
      assert.equal(since, lengthOf(at), `${condition} was violated after ${sinceText(since)}, not after ${at}`);
    },
    toStopAt: async (at) => {
      const outcome = await played();
      const since = stoppedAt(outcome);
      assert.ok(
        since !== undefined,
        `expected that a rule stops the run, but ${outcome.ending.text}:\n${statesText(outcome)}`,
      );
      assert.equal(
        since,
        lengthOf(at),
        `a rule stopped the run after ${sinceText(since)}, not after ${at}:\n${statesText(outcome)}`,
      );
    },
    toPlayToTheEnd: async () => {
      const outcome = await played();
      assert.notEqual(outcome.ending.by, 'rule', `${outcome.ending.text}:\n${statesText(outcome)}`);
    },
  };
}
