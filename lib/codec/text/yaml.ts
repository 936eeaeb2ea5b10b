import { type Either, left, right } from 'fp-ts/lib/Either.js';
import {
  Composer,
  type CST,
  Document,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
  Scalar,
  type ScalarTag,
  visit,
  type YAMLError,
  YAMLMap,
} from 'yaml';
import { excerpt } from '../../core/errorContext.js';
import { type CodecIssue, codecIssue, type Issue } from '../issue.js';
import { ConfigError, drawIssues } from '../report/configError.js';
import type { IssueSource } from '../report/document.js';
import { contextOf, type Path } from '../report/path.js';
import { parseInteger } from '../scalars.js';
import { keyOf, locate, mergeOfNoMap, openingQuote, placeIn, rangeOf, type TextRange, tokensIn } from './places.js';
import { MAX_DEPTH } from './substitute.js';
import { syntaxIssue } from './syntaxTexts.js';

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

/** Words that YAML 1.1 reads as true and false, besides those of YAML 1.2. */
const flagTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  identify: () => false,
  test: /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
  resolve: (text: string) => /^(?:y|on)/i.test(text),
};

/** How a text in YAML is read. */
export interface YamlOptions {
  /**
   * As gopkg.in/yaml.v2, which reads Pandora's scenario files: `y`, `n`, `yes`, `no`, `on` and `off` without quotes are true and
   * false, and of a key that is written twice the last one counts. Default: YAML 1.2, where each key is written once.
   */
  readonly legacy?: boolean;
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

/** A syntax error of the parser. A quote that is not closed is shown where it is opened, and not at the end of the text. */
function mistakeIssue(
  { code, message, pos }: YAMLError,
  tokens: readonly CST.Token[],
  text: string,
  lines: LineCounter,
): Issue {
  const quote = message.startsWith('Missing closing') ? openingQuote(tokens, pos[0]) : undefined;
  return syntaxIssue({ code, message, pos: quote ?? pos }, text, lines);
}

/** More keys of one kind of mistake are not reported: the first ones say what is wrong. */
const MAX_KEYS = 100;

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
        if (key !== '<<' && seen.has(key) && found.length < MAX_KEYS) found.push(rangeOf(pair.key) ?? [0, 1]);
        seen.add(key);
      }
    },
  });
  return found;
}

/** The keys that are true or false. */
function flagKeys(document: Document): readonly (readonly [TextRange, source: string])[] {
  const found: (readonly [TextRange, string])[] = [];
  visit(document, {
    Pair(_key, { key }) {
      if (isScalar(key) && typeof key.value === 'boolean' && found.length < MAX_KEYS)
        found.push([rangeOf(key) ?? [0, 1], String(key.source ?? key.value)]);
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

/** The line starts of a text. Counted in the text itself: the parser misses line ends in parts that it cannot read. */
function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1);
  return lines;
}

function composerFor(lines: LineCounter, legacy: boolean): Composer {
  return new Composer({
    version: '1.2',
    schema: 'core',
    merge: true,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter: lines,
    uniqueKeys: false,
    customTags: (tags) => [wholeNumberTag, ...(legacy ? [flagTag] : []), ...tags],
  });
}

function tooDeepIssue(range: TextRange, text: string, lines: LineCounter): Issue {
  return {
    code: 'syntax',
    severity: 'error',
    path: '',
    ...placeIn(range, text, lines),
    expected: `maps and lists at most ${MAX_DEPTH} deep`,
    message: `maps and lists are nested more than ${MAX_DEPTH} deep`,
  };
}

function secondDocumentIssue(second: Document, text: string, lines: LineCounter): Issue {
  return {
    ...syntaxIssue({ code: 'UNEXPECTED_TOKEN', pos: rangeOf(second) ?? [0, 1] }, text, lines),
    message: 'a second document begins here',
    expected: 'one document',
    hint: 'write one config per file, without a line ---',
  };
}

function repeatedKeyIssue(range: TextRange, text: string, lines: LineCounter): Issue {
  return {
    code: 'duplicate-key',
    severity: 'error',
    path: '',
    ...placeIn(range, text, lines),
    expected: 'each key only once',
    message: `the key ${excerpt(text.slice(...range))} is already in the same map`,
    hint: 'remove one of them',
  };
}

/** Parses YAML 1.2 (core schema, merges, {@link wholeNumberTag}), keeping positions. */
export function parseYaml(text: string, { legacy = false }: YamlOptions = {}): ParsedYaml {
  const lines = linesOf(text);
  const tokens = [...new Parser().parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) {
    const issues = [tooDeepIssue(deep, text, lines)];
    return { document: new Document(null), issues, place: () => undefined, lines };
  }
  const [document = new Document(null), second] = composerFor(lines, legacy).compose(tokens, true, text.length);
  // After the first syntax error the parser reports further ones that are not real.
  const mistakes = document.errors.slice(0, 1).map((error) => mistakeIssue(error, tokens, text, lines));
  const several =
    second === undefined || mistakes.length > 0 ? [] : [secondDocumentIssue(second as Document, text, lines)];
  const repeated = legacy ? [] : repeatedKeys(document);
  return {
    document,
    issues: [...mistakes, ...several, ...repeated.map((range) => repeatedKeyIssue(range, text, lines))],
    lines,
    place: (path, part) => {
      const range = locate(document, path, part);
      return range === undefined ? undefined : placeIn(range, text, lines);
    },
  };
}

/** What is accepted or refused in a legacy document only: keys that are flags, and keys that are written twice. */
function legacyIssues(document: Document, text: string, lines: LineCounter): readonly CodecIssue[] {
  const top = contextOf([]);
  const flags = flagKeys(document).map(
    ([range, source]): CodecIssue => ({
      ...codecIssue(source, top, 'wrong-type', 'text as a key', `write it in quotes: "${source}"`),
      message: `the key ${source} is true or false in YAML 1.1, which scenario files are written in`,
      at: placeIn(range, text, lines),
    }),
  );
  const repeated = repeatedKeys(document).map(
    (range): CodecIssue => ({
      ...codecIssue(undefined, top, 'duplicate-key', 'each key only once', 'remove one of them'),
      message: `the key ${excerpt(text.slice(...range))} is already in the same map; the last one counts`,
      severity: 'warning',
      at: placeIn(range, text, lines),
    }),
  );
  return [...flags, ...repeated];
}

/**
 * Reads a document written in YAML. Every syntax error is reported with its line; a duplicate key is one, unless the document is
 * {@link YamlOptions legacy}.
 */
export function yamlDocument(
  name: string,
  text: string,
  options: YamlOptions = {},
): Either<ConfigError, ParsedDocument> {
  const { document, issues, place, lines } = parseYaml(text, options);
  const refuse = (found: readonly Issue[]) => left(new ConfigError(drawIssues(found, { name, text }), found));
  if (issues.length > 0) return refuse(issues);
  const unresolved = emptyUnresolved(document);
  const legacy = options.legacy === true ? legacyIssues(document, text, lines) : [];
  try {
    const written: unknown = document.toJS();
    return right({ name, text, written, place, issues: [...unresolved, ...legacy] });
  } catch {
    // Aliases that expand to a huge document, and merges of other values than maps.
    const merge = mergeOfNoMap(document);
    const at = placeIn(merge ?? [0, 1], text, lines);
    const message =
      merge === undefined ? 'aliases make this document too large' : '<< merges maps, and this is not a map';
    return refuse([{ code: 'syntax', severity: 'error', path: '', ...at, expected: 'YAML', message }]);
  }
}
