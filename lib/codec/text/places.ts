import {
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Place } from '../report/document.js';
import type { Path } from '../report/path.js';

/** Start and end of a part of a text, in characters from 0. */
export type TextRange = Readonly<[start: number, end: number]>;

function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** The key of a pair as text. For a key that is a map or a list, which no config has, its position. */
export function keyOf({ key }: Pair): string {
  if (isAlias(key)) return `*${key.source}`;
  // Converting it to text may throw: it may contain a wrong merge, or an alias without an anchor.
  if (!isScalar(key)) return `(a map or list at ${rangeOf(key)?.[0] ?? 0})`;
  const { value } = key;
  // The parser represents the key << of a merge by a symbol.
  return typeof value === 'symbol' ? '<<' : String(value ?? '');
}

/** The range of a node or document. */
export function rangeOf(node: unknown): TextRange | undefined {
  const range = (node as Partial<Node> | null | undefined)?.range;
  return range ? [range[0], range[1]] : undefined;
}

/** The line and column of a range. Its length is cut at the end of the line. */
export function placeIn([start, end]: TextRange, text: string, lines: LineCounter): Place {
  const { line, col } = lines.linePos(start);
  const lineEnd = text.indexOf('\n', start);
  return { line, column: col, length: Math.max(1, Math.min(end, lineEnd < 0 ? text.length : lineEnd) - start) };
}

/** Finds a key in a map, or else in the maps that are merged into it by `<<`. */
function findPair(map: YAMLMap, key: string, document: Document): Pair | undefined {
  // Of a key that is written twice the last one counts, where that is allowed.
  const own = map.items.findLast((pair) => keyOf(pair) === key);
  if (own !== undefined) return own;
  for (const pair of map.items) {
    if (keyOf(pair) !== '<<') continue;
    const merged = resolved(pair.value, document);
    const maps = isSeq(merged) ? merged.items.map((item) => resolved(item, document)) : [merged];
    for (const candidate of maps.filter(isMap)) {
      const found = findPair(candidate, key, document);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/**
 * The range of a path in a YAML document: of its key or its value, or of the nearest value around it when it is absent.
 */
export function locate(document: Document, path: Path, part: 'key' | 'value'): TextRange | undefined {
  let node = resolved(document.contents, document);
  // An empty document has the range of its beginning.
  const whole: TextRange = rangeOf(node) ?? [0, 0];
  let [key, value]: (TextRange | undefined)[] = [whole, whole];
  for (const step of path) {
    if (isMap(node) && typeof step === 'string') {
      const pair = findPair(node, step, document);
      if (pair === undefined) return value;
      key = rangeOf(pair.key) ?? key;
      value = rangeOf(pair.value);
      node = resolved(pair.value, document);
    } else if (isSeq(node) && typeof step === 'number' && node.items[step] !== undefined) {
      value = rangeOf(node.items[step]);
      key = value;
      node = resolved(node.items[step], document);
    } else return value ?? key;
  }
  const empty = value === undefined || value[0] === value[1];
  return part === 'key' || empty ? key : value;
}

/** The first `<<` whose value is neither a map nor a list of maps. */
export function mergeOfNoMap(document: Document): TextRange | undefined {
  let found: TextRange | undefined;
  const look = (node: unknown): void => {
    if (found !== undefined) return;
    if (isSeq(node)) for (const item of node.items) look(item);
    if (!isMap(node)) return;
    for (const pair of node.items) {
      const value = resolved(pair.value, document);
      const maps = isSeq(value) ? value.items.map((item) => resolved(item, document)) : [value];
      if (keyOf(pair) === '<<' && !maps.every(isMap)) found ??= rangeOf(pair.value) ?? rangeOf(pair.key);
      look(pair.key);
      look(pair.value);
    }
  };
  look(document.contents);
  return found;
}

/** The tokens inside a token. */
export function tokensIn(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((part) => part !== null && part !== undefined));
}

/** Where the text in quotes begins that a place is in or at the end of; undefined when there is none. */
export function openingQuote(tokens: readonly CST.Token[], at: number): TextRange | undefined {
  const open = [...tokens];
  for (let token = open.pop(); token !== undefined; token = open.pop()) {
    if (token.type === 'double-quoted-scalar' || token.type === 'single-quoted-scalar') {
      const { offset, source } = token as CST.FlowScalar;
      if (offset < at && at <= offset + source.length) return [offset, offset + 1];
    }
    open.push(...tokensIn(token));
  }
  return undefined;
}
