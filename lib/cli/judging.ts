import { isLeft } from 'fp-ts/lib/Either.js';
import { nonEmpty } from '../codec/scalars.js';
import type { Config } from '../config/config.js';
import { thresholdIssues } from '../config/thresholdIssues.js';
import { allOrErrors, combineErrors } from '../core/errorContext.js';
import { ElpisError, isElpisError } from '../core/errors.js';
import type { RunEnding } from '../measure/runVerdict.js';
import { parseThreshold } from '../rules/parseThreshold.js';
import type { Threshold } from '../rules/threshold.js';
import { expressionError } from '../rules/tokens.js';
import { failOnCodec } from '../rules/verdictCodec.js';
import { type Given, list, value } from './command.js';
import { EXIT_CODES } from './exitCodes.js';

/** The options of every command that judges a run. */
export const JUDGING = {
  threshold: list('condition', nonEmpty, "what the run must keep, such as 'p99(response) < 250ms over 10s'"),
  failOn: value(
    'level',
    failOnCodec,
    'fail (exit code 4) when the verdict is degraded or invalid, or only when it is invalid',
  ),
};

/** The values of these options. */
export type JudgingGiven = Given<typeof JUDGING>;

/**
 * The thresholds of `--threshold`.
 *
 * @throws ElpisError `ELPIS_USAGE` that shows the faults of all wrong texts.
 */
export function thresholdsOf(texts: readonly string[]): readonly Threshold[] {
  return allOrErrors(texts, (text) => {
    const parsed = parseThreshold(text);
    if (isLeft(parsed)) throw expressionError('ELPIS_USAGE', '--threshold', text, parsed.left);
    return parsed.right;
  });
}

/**
 * A config with the thresholds and the verdict of the command line.
 *
 * @throws ElpisError `ELPIS_USAGE` for the thresholds that cannot be read, or else for those that name what the config does not have; all at once.
 */
export function judgedConfig<C extends Config>(config: C, { threshold, failOn }: JudgingGiven): C {
  const thresholds = thresholdsOf(threshold);
  const wrong = combineErrors(
    thresholdIssues(thresholds, config.pools).map(({ index, expected, name, hint }) => {
      const message = `--threshold ${threshold[index]}: expected ${expected}, got ${JSON.stringify(name)}`;
      return new ElpisError('ELPIS_USAGE', message, { hint });
    }),
  );
  if (wrong !== undefined) throw wrong;
  const { judging } = config;
  return {
    ...config,
    judging: { ...judging, thresholds: [...judging.thresholds, ...thresholds], failOn: failOn ?? judging.failOn },
  };
}

/** The exit code of a run that failed with this error. */
export function exitCodeOfFailure(error: unknown, ending: RunEnding | undefined): number {
  if (isElpisError(error, 'ELPIS_THRESHOLDS'))
    return ending?.by === 'rule' ? EXIT_CODES.stoppedByRule : EXIT_CODES.thresholdsFailed;
  return isElpisError(error, 'ELPIS_VERDICT') ? EXIT_CODES.badVerdict : EXIT_CODES.runFailed;
}
