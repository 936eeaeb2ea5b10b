import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Random } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError, isElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import type { Histogram } from '../../measure/histogram.js';
import { HistogramRecorder } from '../../measure/histogramRecorder.js';
import { NET_FAILURE } from '../../protocols/netFailure.js';
import { bucketSampler } from './latencies.js';
import type { ResponseRule, TargetModel } from './targetModel.js';

/** The times of the samples of one tag with the same net code and the same status. */
export interface PhoutOutcome {
  readonly netCode: number;
  readonly status: number;
  readonly times: Histogram;
}

const MAX_TAGS = 1000;
const COLUMNS = 12;
const DISCARDED = '777';

interface RecordedOutcome {
  readonly netCode: number;
  readonly status: number;
  readonly times: HistogramRecorder;
}

/** The outcomes of a tag. */
type TagOutcomes = Map<string, RecordedOutcome>;

/** The outcomes and times of responses in a phout file, by tag. At most 1000 tags. */
class PhoutMix {
  readonly tags = new Map<string, TagOutcomes>();
  /** All tags together. */
  readonly all: TagOutcomes = new Map();
  /** Number of lines counted. */
  lines = 0;

  /**
   * Counts a line, unless its operation was discarded or unfinished. Returns false for a line that is not a phout line.
   */
  add(line: string): boolean {
    const columns = line.split('\t');
    const us = Number(columns[2]);
    const netCode = Number(columns[10]);
    const status = Number(columns[11]);
    if (columns.length !== COLUMNS || !(us >= 0) || !Number.isInteger(netCode) || !Number.isInteger(status))
      return false;
    const tag = (columns[1] as string).replace(/#-?\d+$/, '');
    if (columns[10] === DISCARDED || tag === 'unfinished') return true;
    this.lines++;
    const outcome = `${netCode} ${status}`;
    this.#count(this.all, outcome, netCode, status, us);
    let ofTag = this.tags.get(tag);
    if (ofTag === undefined && this.tags.size < MAX_TAGS) {
      ofTag = new Map();
      this.tags.set(tag, ofTag);
    }
    if (ofTag !== undefined) this.#count(ofTag, outcome, netCode, status, us);
    return true;
  }

  #count(outcomes: TagOutcomes, key: string, netCode: number, status: number, us: number): void {
    let outcome = outcomes.get(key);
    if (outcome === undefined) {
      outcome = { netCode, status, times: new HistogramRecorder() };
      outcomes.set(key, outcome);
    }
    outcome.times.record(us);
  }
}

const NAMES = new Map(
  [...Object.values(NET_FAILURE)].reverse().map(({ netCode, errorName }): [number, string] => [netCode, errorName]),
);

interface Choice {
  readonly netCode: number;
  readonly status: number;
  readonly errorName: string;
  readonly count: number;
  readonly draw: () => Millis;
}

function ruleOf(outcomes: readonly PhoutOutcome[], random: Random): ResponseRule {
  const choices = outcomes
    .map(({ netCode, status, times }): Choice => {
      const { buckets, count } = times;
      const errorName = netCode === 0 ? '' : (NAMES.get(netCode) ?? `net ${netCode}`);
      return { netCode, status, errorName, count, draw: bucketSampler(buckets, random) };
    })
    .sort((a, b) => b.count - a.count);
  const total = choices.reduce((sum, { count }) => sum + count, 0);
  const last = choices.length - 1;
  return (response) => {
    let left = random() * total;
    let which = 0;
    while (which < last && left >= (choices[which] as Choice).count) left -= (choices[which++] as Choice).count;
    const chosen = choices[which] as Choice;
    response.afterMs += chosen.draw();
    response.status = chosen.status;
    response.netCode = chosen.netCode;
    response.errorName = chosen.errorName;
  };
}

function outcomesOf(recorded: TagOutcomes): readonly PhoutOutcome[] {
  return [...recorded.values()].map((outcome) => ({ ...outcome, times: outcome.times.take() }));
}

async function read(path: string): Promise<PhoutMix> {
  const mix = new PhoutMix();
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      if (line === '' || mix.add(line)) continue;
      throw new ElpisError(
        'ELPIS_USAGE',
        `${path}:${number}: expected the 12 columns of phout, found "${line.slice(0, 60)}"`,
      );
    }
  } catch (cause) {
    if (isElpisError(cause)) throw cause;
    const reason = describeError(cause);
    throw new ElpisError('ELPIS_SOURCE', `${path} cannot be read: ${reason}`, { cause });
  }
  if (mix.lines > 0) return mix;
  throw new ElpisError('ELPIS_USAGE', `${path} contains no shots; expected at least one`);
}

/**
 * A target from the measurements of a run: for each tag, the outcome (status or failure) and the time of a response
 * are drawn from the histogram of a phout file. A tag that is not in the file uses the histogram of all tags. Load
 * has no effect.
 *
 * Formula: outcome by its share, then `T = Q(U)` of that outcome's `interval_real`. Source: B. Efron, Bootstrap Methods
 * (1979): resampling of observations.
 *
 * @throws ElpisError `ELPIS_SOURCE` when the file cannot be read, `ELPIS_USAGE` when it is not a phout file or contains no shots.
 * @example
 * const target = await fittedFrom('./phout.log');
 */
export async function fittedFrom(path: string): Promise<TargetModel> {
  const mix = await read(path);
  const all = outcomesOf(mix.all);
  const tags = [...mix.tags].map(([tag, outcomes]) => [tag, outcomesOf(outcomes)] as const);
  return {
    name: `fit:${path}`,
    start: ({ random }) => {
      const others = ruleOf(all, random);
      const byTag = new Map(tags.map(([tag, outcomes]) => [tag, ruleOf(outcomes, random)]));
      return (response, now, tag) => (byTag.get(tag) ?? others)(response, now, tag);
    },
  };
}
