import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { Millis } from '../../core/units.js';

/** An item of the list `requests` of a scenario. */
export interface RequestListItem {
  readonly name: string;
  /** 0 and less: none. */
  readonly count: number;
  readonly sleepMs: Millis;
}

/** Why an item of a list of requests cannot be used. */
export interface BadItem {
  readonly expected: string;
  readonly hint: string;
}

const INTEGER = /^[+-]?\d+$/;
const GO_BLANKS = /^[\s\u0085]+|[\s\u0085]+$/g;
const trimmed = (text: string): string => text.replaceAll(GO_BLANKS, '');

function integer(text: string | undefined, absent: number): number | undefined {
  if (text === undefined || text === '') return absent;
  const value = INTEGER.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}

/**
 * Reads an item of a list of requests: `name`, `name(COUNT)` or `name(COUNT, SLEEP_MS)`, further arguments are ignored. Blanks around a
 * name with brackets and around arguments do not count; those around a name without brackets do, as in Pandora.
 *
 * @example
 * parseItem('order(3, 100)'); // right: { name: 'order', count: 3, sleepMs: 100 }
 */
export function parseItem(item: string): Either<BadItem, RequestListItem> {
  const open = item.indexOf('(');
  if (open < 0) return right({ name: item, count: 1, sleepMs: 0 });
  const name = trimmed(item.slice(0, open));
  const rest = trimmed(item.slice(open + 1));
  if (rest === '' || rest.indexOf(')') !== rest.length - 1) {
    return left({
      expected: 'a name, or a name and brackets at its end',
      hint: 'write name(COUNT, SLEEP_MS), such as order(3, 100)',
    });
  }
  const [first, second] = rest.slice(0, -1).split(',').map(trimmed);
  const count = integer(first, 1);
  const sleepMs = integer(second, 0);
  if (count === undefined)
    return left({ expected: 'a whole number as the count in brackets', hint: 'write name(COUNT, SLEEP_MS)' });
  if (sleepMs === undefined) {
    return left({
      expected: 'a whole number of milliseconds as the second in brackets',
      hint: 'write name(COUNT, SLEEP_MS)',
    });
  }
  return right({ name, count, sleepMs });
}

/** The most issues of one list. */
const MAX_ISSUES = 20;

/** Equal requests one after another, by name. */
export interface NamedRun extends RequestListItem {
  /** The pause after the last of them, with the sleeps that follow it. */
  readonly lastSleepMs: Millis;
  /** Which item of the list it is, from 0. */
  readonly item: number;
}

/** What is wrong with one item of a list. */
export interface ListIssue extends BadItem {
  readonly item: number;
  readonly code: 'bad-value' | 'one-of';
}

/** A list of requests as runs, with everything that is wrong. */
export interface ReadList {
  readonly runs: readonly NamedRun[];
  readonly issues: readonly ListIssue[];
}

/**
 * Reads a list of requests into runs of equal requests. `sleep(MS)` is no request: it makes the pause after the last one longer. Counts
 * stay counts, so `req(1000000000)` costs no more than `req`.
 *
 * @param items The texts of the list; `knows` tells which names can be meant, and what to do about one that cannot.
 */
export function readRequestList(items: readonly string[], knows: (name: string) => string | undefined): ReadList {
  const runs: NamedRun[] = [];
  const issues: ListIssue[] = [];
  for (const [item, text] of items.entries()) {
    // The first ones say what is wrong, and each takes a search for the nearest name.
    if (issues.length === MAX_ISSUES) break;
    const parsed = parseItem(text);
    if (isLeft(parsed)) {
      issues.push({ ...parsed.left, item, code: 'bad-value' });
      continue;
    }
    const { name, count, sleepMs } = parsed.right;
    if (name === 'sleep') {
      const last = runs.pop();
      if (last !== undefined) runs.push({ ...last, lastSleepMs: last.lastSleepMs + count });
      else if (issues.length === 0) {
        const hint = 'Pandora crashes here; begin with a request, or use min_waiting_time';
        issues.push({ item, code: 'bad-value', expected: 'a request before the first sleep', hint });
      }
      continue;
    }
    const unknown = knows(name);
    if (unknown !== undefined)
      issues.push({ item, code: 'one-of', expected: 'the name of a request of this file', hint: unknown });
    else if (count > 0) runs.push({ name, count, sleepMs, lastSleepMs: sleepMs, item });
  }
  return { runs, issues };
}

/**
 * Runs of requests as the items of a list: the shortest that mean the same.
 *
 * @example
 * requestListOf([{ name: 'a', count: 3, sleepMs: 10, lastSleepMs: 15 }]); // ['a(3, 10)', 'sleep(5)']
 */
export function requestListOf(runs: readonly Omit<NamedRun, 'item'>[]): readonly string[] {
  return runs.flatMap(({ name, count, sleepMs, lastSleepMs }) => {
    const plain = count === 1 && sleepMs === 0 && !/[()]|^\s|\s$/.test(name);
    const item = plain ? name : sleepMs === 0 ? `${name}(${count})` : `${name}(${count}, ${sleepMs})`;
    return lastSleepMs === sleepMs ? [item] : [item, `sleep(${lastSleepMs - sleepMs})`];
  });
}
