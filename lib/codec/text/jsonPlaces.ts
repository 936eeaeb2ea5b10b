import type { Path } from '../report/path.js';
import type { TextRange } from './places.js';

const BLANKS = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const OTHER = /[^,:{}[\]"\s]*/y;

/** The end of what a pattern matches at a position; the position itself when it does not match. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** The end of a string; that of the text when it has none. */
function stringEnd(text: string, at: number): number {
  const end = after(STRING, text, at);
  return end === at ? text.length : end;
}

/** The end of a value: brackets are counted, so that its depth does not matter. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const char = text[at];
    at = char === '"' ? stringEnd(text, at) : Math.max(at + 1, after(OTHER, text, at));
    if (char === '{' || char === '[') depth++;
    if (char === '}' || char === ']') depth--;
    if (depth > 0) at = after(BLANKS, text, at);
  } while (depth > 0 && at < text.length);
  return at;
}

interface Member {
  /** Of a list: its index. */
  readonly name: string | number;
  readonly key: TextRange;
  readonly value: TextRange;
}

/** The members of the object, or the items of the list, that begins at a position; none for any other value. */
function* membersAt(text: string, start: number): Generator<Member> {
  const isMap = text[start] === '{';
  if (!isMap && text[start] !== '[') return;
  let at = after(BLANKS, text, start + 1);
  for (let index = 0; at < text.length && text[at] !== '}' && text[at] !== ']'; index++) {
    const keyEnd = isMap ? after(STRING, text, at) : at;
    if (isMap && keyEnd === at) return;
    const key: TextRange = [at, keyEnd];
    const from = isMap ? after(BLANKS, text, after(BLANKS, text, keyEnd) + 1) : at;
    const value: TextRange = [from, valueEnd(text, from)];
    yield { name: isMap ? (JSON.parse(text.slice(...key)) as string) : index, key: isMap ? key : value, value };
    at = after(BLANKS, text, value[1]);
    if (text[at] === ',') at = after(BLANKS, text, at + 1);
  }
}

/**
 * Where a key or a value is written in a text of JSON; the nearest value around it when it is not written.
 *
 * @param text JSON. In other text some place is found.
 * @param same Compares a key with a part of the path. Default: the same letters.
 * @example
 * jsonRange('{"a": [1, {"b": 2}]}', ['a', 1, 'b'], 'value'); // [16, 17]
 */
export function jsonRange(
  text: string,
  path: Path,
  part: 'key' | 'value',
  same: (name: string | number, part: string | number, depth: number) => boolean = (name, each) => name === each,
): TextRange {
  const start = after(BLANKS, text, 0);
  let found: TextRange = [start, valueEnd(text, start)];
  for (const [depth, step] of path.entries()) {
    let member: Member | undefined;
    // Of a key that is written twice the last one counts.
    for (const each of membersAt(text, found[0])) if (same(each.name, step, depth)) member = each;
    if (member === undefined) return found;
    if (depth === path.length - 1 && part === 'key') return member.key;
    found = member.value;
  }
  return found;
}
