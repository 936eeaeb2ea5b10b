import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Path } from '../report/pathOf.js';

/** Start and end of a stretch of text, in characters from 0. */
export type Stretch = readonly [start: number, end: number];

function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value ?? '') : String(pair.key);
}

/** Finds a key in a map, or else in the maps that are merged into it by `<<`. */
function findPair(map: YAMLMap, key: string, document: Document): Pair | undefined {
  const own = map.items.find((pair) => keyOf(pair) === key);
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

function stretchOf(node: unknown): Stretch | undefined {
  const range = (node as Partial<Node> | null | undefined)?.range;
  return range ? [range[0], range[1]] : undefined;
}

/** Where a path of a YAML document is written: its key or its value; the nearest thing around it when it is absent. */
export function locate(document: Document, path: Path, part: 'key' | 'value'): Stretch | undefined {
  let node = resolved(document.contents, document);
  let [key, value] = [stretchOf(node), stretchOf(node)];
  for (const step of path) {
    if (isMap(node) && typeof step === 'string') {
      const pair = findPair(node, step, document);
      if (pair === undefined) return value;
      key = stretchOf(pair.key) ?? key;
      value = stretchOf(pair.value);
      node = resolved(pair.value, document);
    } else if (isSeq(node) && typeof step === 'number' && node.items[step] !== undefined) {
      value = stretchOf(node.items[step]);
      key = value;
      node = resolved(node.items[step], document);
    } else return value ?? key;
  }
  const empty = value === undefined || value[0] === value[1];
  return part === 'key' || empty ? key : value;
}
