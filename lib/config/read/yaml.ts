import { type Either, left, right } from 'fp-ts/lib/Either.js';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type ScalarTag,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { Issue } from '../../codec/issue.js';
import { ConfigError, drawIssues } from '../../codec/report/configError.js';
import type { ConfigDocument, Place } from '../../codec/report/document.js';
import type { Path } from '../../codec/report/path.js';
import { parseInteger } from '../../codec/scalars.js';
import { describeError } from '../../core/blame.js';
import { defined } from '../../core/defined.js';
import type { ElpisError } from '../../core/errors.js';

/** Start and end of a stretch of text, in characters from 0. */
type Stretch = readonly [start: number, end: number];

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
function locate(document: Document, path: Path, part: 'key' | 'value'): Stretch | undefined {
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

/**
 * Whole numbers that Pandora's YAML reader knows beyond YAML 1.2 core: underscores between digits (`10_000`), binary
 * (`0b101`) and octal with a leading 0 (`0644`).
 */
const wholeNumberTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  identify: () => false,
  test: /^[-+]?(0b(_?[01])+|0x(_?[\da-fA-F])+|0(_?[0-7])+|[1-9]\d*(_\d+)+)$/,
  resolve: (text: string) => parseInteger(text) ?? Number(text.replaceAll('_', '')),
};

const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with blanks',
  BAD_INDENT: 'lines of one map or list begin in the same column',
  BLOCK_AS_IMPLICIT_KEY: 'check the indentation, and quote text that contains a colon',
  MULTIPLE_DOCS: 'write one config per file: leave out ---',
  MISSING_CHAR: 'something is not closed or a colon is missing',
};

function placeOf([start, end]: Stretch, text: string, lines: LineCounter): Place {
  const { line, col } = lines.linePos(start);
  const lineEnd = text.indexOf('\n', start);
  return { line, column: col, length: Math.max(1, Math.min(end, lineEnd < 0 ? text.length : lineEnd) - start) };
}

function issueOf(error: YAMLError, text: string, lines: LineCounter): Issue {
  const duplicate = error.code === 'DUPLICATE_KEY';
  const place = placeOf(error.pos, text, lines);
  const line = text.split('\n')[place.line - 1] ?? '';
  const hint =
    !duplicate && line.includes('${') ? 'inside { } and [ ] a reference is quoted: "${NAME}"' : HINTS[error.code];
  return {
    code: duplicate ? 'duplicate-key' : 'syntax',
    severity: 'error',
    path: '',
    ...place,
    expected: duplicate ? 'each key only once' : 'YAML',
    ...defined({ hint }),
    message: duplicate ? 'the key is there twice' : error.message.replaceAll(/\s+/g, ' '),
  };
}

/** What could be read of a text: the document, every issue, and how to find places. */
export interface ParsedYaml {
  readonly document: Document;
  readonly issues: readonly Issue[];
  readonly place: ConfigDocument['place'];
}

/** Parses YAML 1.2 (core schema, merges, {@link wholeNumberTag}), keeping positions. */
function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: true,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter: lines,
    customTags: (tags) => [wholeNumberTag, ...tags],
  });
  const issues = document.errors.map((error) => issueOf(error, text, lines));
  const isRepeated = ({ code }: Issue): boolean => code === 'duplicate-key';
  // After the first mistake in the syntax the reader is out of step, and tells of many that are none.
  const mistake = issues.filter((issue) => !isRepeated(issue)).slice(0, 1);
  return {
    document,
    issues: [...mistake, ...issues.filter(isRepeated)],
    place: (path, part) => {
      const stretch = locate(document, path, part);
      return stretch === undefined ? undefined : placeOf(stretch, text, lines);
    },
  };
}

/** Reads a config written in YAML. Every syntax error is reported with its line; a duplicate key is one. */
export function yamlDocument(name: string, text: string): Either<ConfigError, ConfigDocument> {
  const { document, issues, place } = parseYaml(text);
  if (issues.length > 0) return left(new ConfigError(drawIssues(issues, { name, text }), issues));
  try {
    return right({ name, text, value: document.toJS() as unknown, place });
  } catch (error) {
    // Anchors that multiply into a document of absurd size, or a reference to an anchor that is not there.
    const message = describeError(error);
    const issue: Issue = { code: 'syntax', severity: 'error', path: '', expected: 'YAML', message };
    return left(new ConfigError(drawIssues([issue], { name, text }), [issue]));
  }
}

function failure(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return describeError(error);
  }
}

/** Where V8's parser stopped. It tells the position of most errors, but not of an unexpected token: that is searched for. */
function positionOf(message: string, text: string): number {
  const told = /position (\d+)/.exec(message)?.[1];
  if (told !== undefined) return Number(told);
  if (!message.startsWith('Unexpected token')) return text.trimEnd().length;
  let [low, high] = [0, text.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (failure(text.slice(0, middle + 1)).startsWith('Unexpected token')) high = middle;
    else low = middle + 1;
  }
  return low;
}

function syntaxIssue(message: string, text: string): Issue {
  const before = text.slice(0, positionOf(message, text)).split('\n');
  return {
    code: 'syntax',
    severity: 'error',
    path: '',
    line: before.length,
    column: (before.at(-1) as string).length + 1,
    length: 1,
    expected: 'JSON',
    message: message.replace(/( in JSON)?( at position.*|, .* is not valid JSON)$/s, ' in JSON'),
  };
}

/** Reads a config written in JSON, strictly. YAML's reader, which knows all JSON, finds the places. */
export function jsonDocument(name: string, text: string): Either<ConfigError, ConfigDocument> {
  const refuse = (issues: readonly Issue[]) => left(new ConfigError(drawIssues(issues, { name, text }), issues));
  const message = failure(text);
  if (message !== '') return refuse([syntaxIssue(message, text)]);
  const { issues, place } = parseYaml(text);
  const repeated = issues.filter(({ code }) => code === 'duplicate-key');
  return repeated.length > 0 ? refuse(repeated) : right({ name, text, value: JSON.parse(text) as unknown, place });
}

/** Parses the text of a config. A byte order mark at its start is ignored. */
export function parseConfig(name: string, text: string, format: 'yaml' | 'json'): Either<ElpisError, ConfigDocument> {
  const unmarked = text.replace(/^\uFEFF/, '');
  return format === 'json' ? jsonDocument(name, unmarked) : yamlDocument(name, unmarked);
}
