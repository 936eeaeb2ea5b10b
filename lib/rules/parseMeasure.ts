import { closest } from '../codec/closest.js';
import { parseDuration } from '../codec/duration.js';
import {
  type Counted,
  type Measure,
  OUTCOMES,
  type OutcomeName,
  RATE_NAMES,
  type Statistic,
  TIME_NAMES,
} from './threshold.js';
import type { TokenReader } from './tokenReader.js';
import type { Token } from './tokens.js';

const STATISTICS: Readonly<Record<string, Statistic>> = {
  avg: 'avg',
  mean: 'avg',
  min: 'min',
  max: 'max',
  median: { percentile: 50 },
};

const BARE = ['errors', 'bad', 'failed', 'discarded', 'unfinished'] as const satisfies readonly OutcomeName[];

/** All words that a measure begins with, for messages. */
const WORDS = [
  'p99',
  ...Object.keys(STATISTICS),
  ...BARE,
  'slower',
  'count',
  'rate',
  'lateness',
  'checks',
  'metric',
  'busy',
];

/** `p99.9` and the like: a percentile from 0 to 100. */
function statisticOf(word: string): Statistic | undefined {
  const [, digits] = /^p(\d+(?:\.\d+)?)$/.exec(word) ?? [];
  if (digits !== undefined) return Number(digits) <= 100 ? { percentile: Number(digits) } : undefined;
  return Object.hasOwn(STATISTICS, word) ? STATISTICS[word] : undefined;
}

function readStatistic(reader: TokenReader, statistic: Statistic): Measure | undefined {
  if (!reader.expect('(')) return undefined;
  if (reader.take('metric')) {
    const name = readNameInside(reader, 'a metric');
    return name !== undefined && reader.expect(')') ? { kind: 'trend', name, statistic } : undefined;
  }
  const time = reader.oneOf(TIME_NAMES, `one of ${TIME_NAMES.join(', ')} or metric("name")`);
  if (!reader.expect(')') || time === undefined) return undefined;
  return { kind: 'time', statistic, time };
}

/** Reads `("name")`. */
function readNameInside(reader: TokenReader, what: string): string | undefined {
  if (!reader.expect('(')) return undefined;
  const name = reader.name(`the name of ${what}`);
  return reader.expect(')') ? name : undefined;
}

function readSlower(reader: TokenReader): Measure | undefined {
  if (!reader.expect('(')) return undefined;
  const time = reader.oneOf(TIME_NAMES);
  if (!reader.expect(',')) return undefined;
  const token = reader.peek();
  const thanMs = token.kind === 'number' ? parseDuration(token.value) : undefined;
  if (thanMs === undefined) reader.fault('a time such as 250ms', token);
  else reader.next();
  if (!reader.expect(')') || time === undefined || thanMs === undefined) return undefined;
  return { kind: 'slower', time, thanMs };
}

const MASKS = { status: /^[\dx]{1,3}$/i, net: /^[\dx]{1,5}$/i } as const;

/** Reads the part of `count(...)` after `status`, `net` or `failure`: `=` or `!=`, and a value. */
function readFilter(reader: TokenReader, by: 'status' | 'net' | 'failure'): Counted | undefined {
  const not = reader.peek().value === '!=';
  if (!not && !reader.take('==') && !reader.take('=')) {
    reader.fault('= or !=');
    return undefined;
  }
  if (not) reader.next();
  if (by === 'failure') {
    const name = reader.name('the name of a failure, such as timeout');
    return name === undefined ? undefined : { by, name, not };
  }
  const token = reader.peek();
  if (['number', 'word'].includes(token.kind) && MASKS[by].test(token.value)) {
    reader.next();
    return { by, mask: token.value.toLowerCase(), not };
  }
  reader.fault(by === 'status' ? 'a status such as 503 or 5xx' : 'a net code such as 110, or xx for any', token);
  if (token.kind !== 'symbol') reader.next();
  return undefined;
}

function readCount(reader: TokenReader): Measure | undefined {
  if (!reader.expect('(')) return undefined;
  const word = reader.oneOf(['status', 'net', 'failure', ...OUTCOMES]);
  const counted: Counted | undefined =
    word === undefined
      ? undefined
      : word === 'status' || word === 'net' || word === 'failure'
        ? readFilter(reader, word)
        : { by: 'outcome', outcome: word };
  if (counted === undefined) {
    reader.skipTo([')', '<', '<=', '>', '>=', '==']);
    reader.take(')');
    return undefined;
  }
  return reader.expect(')') ? { kind: 'count', counted } : undefined;
}

function readRate(reader: TokenReader): Measure | undefined {
  if (!reader.take('(')) return { kind: 'rate', rate: 'started' };
  const rate = reader.oneOf(RATE_NAMES);
  return reader.expect(')') && rate !== undefined ? { kind: 'rate', rate } : undefined;
}

function unknownMeasure(reader: TokenReader, token: Token): undefined {
  const near = token.kind === 'word' ? closest(token.value, WORDS) : undefined;
  const range = /^p\d+(\.\d+)?$/.test(token.value) ? 'percentiles are from p0 to p100' : undefined;
  const hint = range ?? (near === undefined ? undefined : `did you mean ${near}?`);
  reader.fault('a measure such as p99(response), errors, rate, count(status=5xx) or checks("name")', token, hint);
}

/** Reads what a threshold measures; undefined after a fault. */
export function readMeasure(reader: TokenReader): Measure | undefined {
  const token = reader.peek();
  if (token.kind !== 'word') return unknownMeasure(reader, token);
  reader.next();
  const statistic = statisticOf(token.value);
  if (statistic !== undefined) return readStatistic(reader, statistic);
  const outcome = BARE.find((word) => word === token.value);
  if (outcome !== undefined) return { kind: 'count', counted: { by: 'outcome', outcome } };
  switch (token.value) {
    case 'slower':
      return readSlower(reader);
    case 'count':
      return readCount(reader);
    case 'rate':
      return readRate(reader);
    case 'lateness':
      return { kind: 'time', statistic: { percentile: 99 }, time: 'lateness' };
    case 'busy':
      return { kind: 'busy' };
    case 'checks': {
      if (reader.peek().value !== '(') return { kind: 'checks', name: null };
      const name = readNameInside(reader, 'a check');
      return name === undefined ? undefined : { kind: 'checks', name };
    }
    case 'metric': {
      const name = readNameInside(reader, 'a metric');
      return name === undefined ? undefined : { kind: 'metric', name };
    }
    default:
      return unknownMeasure(reader, token);
  }
}
