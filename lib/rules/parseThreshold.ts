import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { parseDuration } from '../codec/duration.js';
import { defined } from '../core/defined.js';
import { CLAUSES, type Clauses, readClauses } from './clauses.js';
import { readMeasure } from './parseMeasure.js';
import { belongsToPool } from './tally.js';
import { COMPARATORS, type Comparator, type Limit, type Measure, measureText, type Threshold } from './threshold.js';
import { TokenReader } from './tokenReader.js';
import { type ExpressionFault, expressionError } from './tokens.js';

/** The units that the limit of a measure may have, the first one for examples. */
const UNITS_OF: Readonly<Record<Measure['kind'], readonly Limit['unit'][]>> = {
  time: ['ms'],
  slower: ['%', ''],
  count: ['%', ''],
  rate: ['/s', 'planned'],
  checks: ['%'],
  metric: ['', '%'],
  trend: [''],
  busy: ['%', ''],
};

const IN_WORDS: Readonly<Record<Limit['unit'], string>> = {
  ms: 'a time such as 250ms',
  '%': 'a percentage such as 1%',
  '/s': 'a rate such as 100/s',
  planned: 'a part of the planned rate such as 0.98 x planned',
  '': 'a number such as 10',
};

const unitsText = (units: readonly Limit['unit'][]): string => units.map((unit) => IN_WORDS[unit]).join(' or ');

function readComparator(reader: TokenReader): Comparator | undefined {
  const { kind, value } = reader.peek();
  const known = COMPARATORS.find((comparator) => comparator === value);
  if (kind === 'symbol' && known !== undefined) {
    reader.next();
    return known;
  }
  const hint = value === '=' ? 'write ==' : undefined;
  reader.fault(`one of ${COMPARATORS.join(' ')}`, reader.peek(), hint);
  if (value === '=') reader.next();
  return undefined;
}

/** The seconds of the unit of a rate. */
const PER_SECONDS = new Map([
  ['s', 1],
  ['sec', 1],
  ['min', 60],
  ['h', 3600],
]);

/** True for `x planned`. */
function isPlanned(reader: TokenReader): boolean {
  return ['x', '*', '×'].includes(reader.peek().value) && reader.peek(1).value === 'planned';
}

/** The number and the unit of a limit as written; undefined when there is none. */
function rawLimit(reader: TokenReader): Limit | undefined {
  const token = reader.peek();
  if (token.kind === 'word' && token.value === 'planned') {
    reader.next();
    return { value: 1, unit: 'planned' };
  }
  if (token.kind !== 'number') return undefined;
  const [, digits = '', unit = ''] = /^(\d[\d_]*(?:\.\d+)?)(.*)$/su.exec(token.value) ?? [];
  const value = Number(digits.replaceAll('_', ''));
  if (unit !== '') {
    const joined = /^x$/.test(unit) && reader.peek(1).value === 'planned';
    const ms = joined ? value : parseDuration(token.value);
    if (ms === undefined || !Number.isFinite(ms)) return undefined;
    reader.next();
    if (joined) reader.next();
    return { value: ms, unit: joined ? 'planned' : 'ms' };
  }
  reader.next();
  if (reader.take('%')) return { value, unit: '%' };
  if (isPlanned(reader)) {
    reader.next();
    reader.next();
    return { value, unit: 'planned' };
  }
  const per = reader.peek().value === '/' ? PER_SECONDS.get(reader.peek(1).value) : undefined;
  if (per !== undefined) {
    reader.next();
    reader.next();
    return { value: value / per, unit: '/s' };
  }
  return { value, unit: '' };
}

function readLimit(reader: TokenReader, measure: Measure | undefined): Limit | undefined {
  const begin = reader.peek();
  const units = measure === undefined ? (Object.keys(IN_WORDS) as Limit['unit'][]) : UNITS_OF[measure.kind];
  const limit = rawLimit(reader);
  if (limit === undefined) {
    reader.fault(unitsText(units), begin, begin.kind === 'number' ? 'units of time are us, ms, s, m and h' : undefined);
    reader.skipTo(CLAUSES);
    return undefined;
  }
  if (measure === undefined || units.includes(limit.unit)) return limit;
  const missing = limit.unit === '' ? `add a unit: ${begin.value}${units[0]}` : undefined;
  reader.faultSince(unitsText(units), begin, missing);
  return undefined;
}

/** A threshold of its parts: a clause of the text has priority over one that is written beside it. */
function assembled(parts: Pick<Threshold, 'measure' | 'comparator' | 'limit'>, clauses: Clauses): Threshold {
  const { scope, pool, overMs, inARow = 1, afterMs = 0, otherwise = 'fail' } = clauses;
  const judged = overMs ?? (inARow > 1 ? 1000 : undefined);
  return { ...parts, ...defined({ scope, pool, overMs: judged }), inARow, afterMs, otherwise };
}

/**
 * Reads a threshold. All faults are found at once, each with its place in the text.
 *
 * ```text
 * threshold  = measure comparator limit { clause }
 * clause     = 'of' ('tag' | 'pool' | 'group' | 'scenario') name
 *            | 'over' duration | 'for' number | 'after' duration | 'otherwise' ('fail' | 'stop' | 'warn')
 * ```
 *
 * @param beside Clauses that are written beside the text, such as the other keys of a map.
 */
export function parseThreshold(text: string, beside: Clauses = {}): Either<readonly ExpressionFault[], Threshold> {
  const reader = new TokenReader(text);
  const measure = readMeasure(reader);
  if (measure === undefined) reader.skipTo([...COMPARATORS, '=', ...CLAUSES]);
  const comparator = readComparator(reader);
  const limit = readLimit(reader, measure);
  const clauses = readClauses(reader, beside);
  if (reader.faults.length > 0 || measure === undefined || comparator === undefined || limit === undefined)
    return left(reader.faults.toSorted((a, b) => a.at - b.at));
  const all = { ...beside, ...clauses };
  const { scope } = all;
  if (scope !== undefined && belongsToPool(measure)) {
    const hint = measure.kind === 'rate' ? 'rate(ended) exists for a tag' : 'judge the whole pool: of pool "name"';
    const found = measureText(measure);
    return left([{ at: 0, length: text.length, expected: `a measure that a ${scope.kind} has`, found, hint }]);
  }
  if (scope !== undefined && limit.unit === 'planned') {
    const found = `${limit.value} x planned`;
    return left([{ at: 0, length: text.length, expected: 'a rate such as 100/s, because a plan has no tags', found }]);
  }
  return right(assembled({ measure, comparator, limit }, all));
}

/**
 * A threshold from its text, for code.
 *
 * @throws ElpisError `ELPIS_CONFIG` that shows every fault below its place.
 * @example
 * const fast = threshold('p99(response) < 250ms of tag "login" over 10s otherwise stop');
 */
export function threshold(text: string): Threshold {
  const parsed = parseThreshold(text);
  if (parsed._tag === 'Left') throw expressionError('ELPIS_CONFIG', 'threshold', text, parsed.left);
  return parsed.right;
}
