import { parseDuration } from '../codec/duration.js';
import type { Millis } from '../core/units.js';
import type { Threshold } from './threshold.js';
import type { TokenReader } from './tokenReader.js';

/** The words that begin a clause. */
export const CLAUSES = ['of', 'over', 'for', 'after', 'otherwise'] as const;

/** The parts of a threshold besides its condition. */
export type Clauses = Partial<Pick<Threshold, 'scope' | 'pool' | 'overMs' | 'inARow' | 'afterMs' | 'otherwise'>>;

/** The greatest number of windows in a row. */
export const MAX_IN_A_ROW = 100_000;
/** The shortest and the longest judged window: one window of the run, and so many that their number is still small. */
export const MIN_OVER_MS: Millis = 1000;
export const MAX_OVER_MS: Millis = 3_600_000;

function readDuration(reader: TokenReader, what: string, within: readonly [Millis, Millis]): Millis | undefined {
  const token = reader.peek();
  const ms = token.kind === 'number' ? parseDuration(token.value) : undefined;
  if (ms !== undefined && ms >= within[0] && ms <= within[1]) {
    reader.next();
    return ms;
  }
  reader.fault(what, token, /^\d+$/.test(token.value) ? `add a unit: ${token.value}s` : undefined);
  if (token.kind === 'number') reader.next();
  return undefined;
}

function readCount(reader: TokenReader): number | undefined {
  const token = reader.peek();
  const count = token.kind === 'number' && /^\d+$/.test(token.value) ? Number(token.value) : 0;
  if (count >= 1 && count <= MAX_IN_A_ROW) {
    reader.next();
    return count;
  }
  const hint = parseDuration(token.value) === undefined ? undefined : 'for counts windows; over has a duration';
  reader.fault(`a number of windows in a row from 1 to ${MAX_IN_A_ROW}`, token, hint);
  if (token.kind === 'number') reader.next();
  return undefined;
}

/** Reads `tag "login"` and the like after `of`. */
function readOf(reader: TokenReader): Clauses {
  const kind = reader.oneOf(['tag', 'pool', 'group', 'scenario']);
  if (kind === undefined) {
    if (['text', 'word'].includes(reader.peek().kind)) reader.next();
    return {};
  }
  const name = reader.name(`the name of a ${kind}`);
  if (name === undefined) return {};
  return kind === 'pool' ? { pool: name } : { scope: { kind, name } };
}

function readClause(reader: TokenReader, clause: (typeof CLAUSES)[number]): Clauses {
  switch (clause) {
    case 'of':
      return readOf(reader);
    case 'over': {
      const overMs = readDuration(reader, 'a duration from 1s to 1h', [MIN_OVER_MS, MAX_OVER_MS]);
      return overMs === undefined ? {} : { overMs };
    }
    case 'for': {
      const inARow = readCount(reader);
      return inARow === undefined ? {} : { inARow };
    }
    case 'after': {
      const afterMs = readDuration(reader, 'a duration such as 30s', [0, Number.MAX_SAFE_INTEGER]);
      return afterMs === undefined ? {} : { afterMs };
    }
    case 'otherwise': {
      const otherwise = reader.oneOf(['fail', 'stop', 'warn']);
      return otherwise === undefined ? {} : { otherwise };
    }
  }
}

/** Reads the clauses up to the end of the text, in any order, each once; `beside` has those that are written elsewhere. */
export function readClauses(reader: TokenReader, beside: Clauses): Clauses {
  let clauses: Clauses = {};
  while (reader.peek().kind !== 'end') {
    const begin = reader.peek();
    const word = reader.oneOf(CLAUSES, `the end of the text, or a clause with ${CLAUSES.join(', ')}`);
    if (word === undefined) {
      reader.skipTo(CLAUSES);
      continue;
    }
    const read = readClause(reader, word);
    const repeated = Object.keys(read).some((key) => Object.hasOwn(clauses, key) || Object.hasOwn(beside, key));
    if (repeated) reader.faultSince(`${word} only once`, begin);
    clauses = { ...clauses, ...read };
  }
  return clauses;
}
