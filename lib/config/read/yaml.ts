import { type Either, left, right } from 'fp-ts/lib/Either.js';
import {
  Composer,
  type CST,
  Document,
  isPair,
  isSeq,
  LineCounter,
  Parser,
  Scalar,
  type ScalarTag,
  visit,
  type YAMLError,
  YAMLMap,
} from 'yaml';
import { type CodecIssue, codecIssue, type Issue } from '../../codec/issue.js';
import { ConfigError, drawIssues } from '../../codec/report/configError.js';
import type { IssueSource } from '../../codec/report/document.js';
import { contextOf, type Path } from '../../codec/report/path.js';
import { parseInteger } from '../../codec/scalars.js';
import { defined } from '../../core/defined.js';
import { MAX_DEPTH } from '../substitute.js';
import { keyOf, locate, mergeOfNoMap, placeIn, rangeOf, type TextRange } from './places.js';

/** A parsed config. Its references are not replaced yet. */
export interface ParsedDocument extends IssueSource {
  /** The issues of single values. */
  readonly issues: readonly CodecIssue[];
}

/**
 * Whole numbers that Pandora's YAML reader accepts beyond YAML 1.2 core: underscores between digits (`10_000`), binary
 * (`0b101`) and octal with a leading 0 (`0644`).
 */
const wholeNumberTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  identify: () => false,
  test: /^[-+]?(0b(_?[01])+|0x(_?[\da-fA-F])+|0(_?[0-7])+|[1-9]\d*(_\d+)+)$/,
  resolve: (text: string) => parseInteger(text) ?? Number(text.replaceAll('_', '')),
};

type SyntaxText = readonly [message: string, hint?: string];

const UNCLOSED: SyntaxText = ['a bracket { or [ is not closed before this place', 'close it with } or ]'];

const UNEXPECTED: SyntaxText = ['this does not fit the text before it', 'check the indentation and the brackets'];

/** Messages about frequent errors in YAML. The messages of the parser are for programmers. */
const SYNTAX_TEXTS: Readonly<Partial<Record<YAMLError['code'], SyntaxText>>> = {
  TAB_AS_INDENT: ['this line is indented with a tab', 'indent with spaces'],
  BAD_INDENT: [
    'the indentation does not fit the lines before',
    'the entries of one map or list begin in the same column',
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    'a map cannot begin here',
    'write it on the next line, indented; put text that contains ": " in quotes',
  ],
  MULTILINE_IMPLICIT_KEY: ['a key must be on one line', 'check the indentation; put text that contains ": " in quotes'],
  MISSING_CHAR: ['something is missing here', 'close every quote and bracket, and write a colon after every key'],
  BAD_SCALAR_START: ['text cannot begin with this character', 'put it in quotes'],
  BAD_DQ_ESCAPE: [
    'this is no escape sequence',
    'write \\\\ for a backslash, or use single quotes, which do not change it',
  ],
  MULTIPLE_ANCHORS: ['a value can have one anchor only', 'remove all but one &name'],
  BAD_DIRECTIVE: ['this directive is not known', 'remove the line that begins with %'],
  BLOCK_IN_FLOW: [
    'inside { } and [ ] everything is written in brackets',
    'write [a, b] for a list and {a: b} for a map',
  ],
  ALIAS_PROPS: ['an alias cannot have an anchor or a tag of its own', 'write only *name'],
  UNEXPECTED_TOKEN: UNEXPECTED,
  RESOURCE_EXHAUSTION: ['aliases make this document too large', 'use fewer anchors inside each other'],
};

function issueOf(
  {
    code,
    pos,
    message: raw = '',
  }: { readonly code: YAMLError['code']; readonly pos: TextRange; readonly message?: string },
  text: string,
  lines: LineCounter,
): Issue {
  const place = placeIn(pos, text, lines);
  const unclosed = code === 'BAD_INDENT' && raw.startsWith('Flow');
  const [message, hint] = unclosed ? UNCLOSED : (SYNTAX_TEXTS[code] ?? UNEXPECTED);
  const end = text.indexOf('\n', pos[0]);
  const line = text.slice(text.lastIndexOf('\n', pos[0] - 1) + 1, end < 0 ? text.length : end);
  const quotingHint = /[[{,:]\s*\$\{/.test(line) ? 'inside { } and [ ] a reference is quoted: "${NAME}"' : hint;
  return {
    code: 'syntax',
    severity: 'error',
    path: '',
    ...place,
    expected: 'YAML',
    ...defined({ hint: quotingHint }),
    message: `not YAML: ${message}`,
  };
}

function tokensIn(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((part) => part !== null && part !== undefined));
}

/**
 * The first place that is nested deeper than {@link MAX_DEPTH}, if there is one. Not recursive, so it works for any
 * depth.
 */
function tooDeep(tokens: readonly CST.Token[]): TextRange | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return [token.offset, token.offset + 1];
    for (const inside of tokensIn(token)) open.push({ token: inside, depth: depth + 1 });
  }
  return undefined;
}

/** The largest number of repeated keys that are reported. */
const MAX_REPEATED_KEYS = 100;

/**
 * The keys that are written twice in one map. The check of the parser compares all pairs, which takes a minute for
 * 100,000 keys.
 */
function repeatedKeys(document: Document): readonly TextRange[] {
  const found: TextRange[] = [];
  visit(document, {
    Map(_key, map) {
      const seen = new Set<string>();
      for (const pair of map.items) {
        const key = keyOf(pair);
        if (key !== '<<' && seen.has(key) && found.length < MAX_REPEATED_KEYS) found.push(rangeOf(pair.key) ?? [0, 1]);
        seen.add(key);
      }
    },
  });
  return found;
}

/** Finds aliases without an anchor before them, and makes them empty, so that the rest can be read. */
function emptyUnresolved(document: Document): readonly CodecIssue[] {
  const issues: CodecIssue[] = [];
  const anchors = new Set<string>();
  visit(document, {
    Node(_key, node) {
      if ('anchor' in node && node.anchor !== undefined) anchors.add(node.anchor);
    },
    Alias(key, alias, ancestors) {
      if (anchors.has(alias.source)) return undefined;
      const path = [...ancestors, alias].flatMap((node, i, all): Path => {
        if (isPair(node)) return [keyOf(node)];
        const inside = all[i + 1];
        return isSeq(node) ? [node.items.indexOf(inside)] : [];
      });
      const hint = 'write &name at a value above, or correct the name';
      const at = contextOf(path, `*${alias.source}`);
      issues.push({
        ...codecIssue(`*${alias.source}`, at, 'bad-reference', `an anchor &${alias.source} above`, hint),
        message: `the alias *${alias.source} has no anchor &${alias.source} before it`,
      });
      const merged = isPair(ancestors.at(-1)) && key === 'value' && path.at(-1) === '<<';
      const empty = merged ? new YAMLMap() : new Scalar(null);
      empty.range = alias.range ?? null;
      return empty;
    },
  });
  return issues;
}

/** The result of parsing a text: the document as far as it is readable, its syntax errors, and how to find places. */
interface ParsedYaml {
  readonly document: Document;
  readonly issues: readonly Issue[];
  readonly place: IssueSource['place'];
  readonly lines: LineCounter;
}

/** Parses YAML 1.2 (core schema, merges, {@link wholeNumberTag}), keeping positions. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  // Counted in the text itself: the parser misses line ends in parts that it cannot read.
  lines.addNewLine(0);
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1);
  const tokens = [...new Parser().parse(text)];
  const refused = (issue: Issue): ParsedYaml => ({
    document: new Document(null),
    issues: [issue],
    place: () => undefined,
    lines,
  });
  const deep = tooDeep(tokens);
  if (deep !== undefined) {
    return refused({
      code: 'syntax',
      severity: 'error',
      path: '',
      ...placeIn(deep, text, lines),
      expected: `maps and lists at most ${MAX_DEPTH} deep`,
      message: `maps and lists are nested more than ${MAX_DEPTH} deep`,
    });
  }
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: true,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter: lines,
    uniqueKeys: false,
    customTags: (tags) => [wholeNumberTag, ...tags],
  });
  const [document = new Document(null), second] = composer.compose(tokens, true, text.length);
  // After the first syntax error the parser reports further ones that are not real.
  const mistakes = document.errors.slice(0, 1).map((error) => issueOf(error, text, lines));
  const several: readonly Issue[] =
    second === undefined || mistakes.length > 0
      ? []
      : [
          {
            ...issueOf({ code: 'UNEXPECTED_TOKEN', pos: rangeOf(second) ?? [0, 1] }, text, lines),
            message: 'a second document begins here',
            expected: 'one document',
            hint: 'write one config per file, without a line ---',
          },
        ];
  const repeated = repeatedKeys(document).map(
    (stretch): Issue => ({
      code: 'duplicate-key',
      severity: 'error',
      path: '',
      ...placeIn(stretch, text, lines),
      expected: 'each key only once',
      message: 'this key is already in the same map',
      hint: 'remove one of them',
    }),
  );
  return {
    document,
    issues: [...mistakes, ...several, ...repeated],
    lines,
    place: (path, part) => {
      const stretch = locate(document, path, part);
      return stretch === undefined ? undefined : placeIn(stretch, text, lines);
    },
  };
}

/** Reads a config written in YAML. Every syntax error is reported with its line; a duplicate key is one. */
export function yamlDocument(name: string, text: string): Either<ConfigError, ParsedDocument> {
  const { document, issues, place, lines } = parseYaml(text);
  const refuse = (found: readonly Issue[]) => left(new ConfigError(drawIssues(found, { name, text }), found));
  if (issues.length > 0) return refuse(issues);
  const unresolved = emptyUnresolved(document);
  try {
    return right({ name, text, written: document.toJS() as unknown, place, issues: unresolved });
  } catch {
    // Aliases that expand to a huge document, and merges of other values than maps.
    const merge = mergeOfNoMap(document);
    const at = placeIn(merge ?? [0, 1], text, lines);
    const message =
      merge === undefined ? 'aliases make this document too large' : '<< merges maps, and this is not a map';
    return refuse([{ code: 'syntax', severity: 'error', path: '', ...at, expected: 'YAML', message }]);
  }
}
