import { isLeft } from 'fp-ts/lib/Either.js';
import { nonEmpty } from '../codec/scalars.js';
import type { Config } from '../config/config.js';
import { thresholdIssues } from '../config/thresholdIssues.js';
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
 * @throws ElpisError `ELPIS_USAGE` that shows the faults of the first wrong text.
 */
export function thresholdsOf(texts: readonly string[]): readonly Threshold[] {
  return texts.map((text) => {
    const parsed = parseThreshold(text);
    if (isLeft(parsed)) throw expressionError('ELPIS_USAGE', '--threshold', text, parsed.left);
    return parsed.right;
  });
}

/**
 * A config with the thresholds and the verdict of the command line.
 *
 * @throws ElpisError `ELPIS_USAGE` for a threshold that cannot be read, or that names what the config does not have.
 */
export function judgedConfig<C extends Config>(config: C, { threshold, failOn }: JudgingGiven): C {
  const thresholds = thresholdsOf(threshold);
  const [wrong] = thresholdIssues(thresholds, config.pools);
  if (wrong !== undefined) {
    const text = threshold[wrong.index] as string;
    throw new ElpisError(
      'ELPIS_USAGE',
      `--threshold ${text}: expected ${wrong.expected}, got ${JSON.stringify(wrong.name)}`,
      {
        hint: wrong.hint,
      },
    );
  }
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
