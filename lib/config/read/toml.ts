import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import type { Issue } from '../../codec/issue.js';
import { ConfigError, drawIssues } from '../../codec/report/configError.js';
import type { IssueSource, Place } from '../../codec/report/document.js';
import type { Path } from '../../codec/report/path.js';
import { MAX_DEPTH } from '../../codec/text/substitute.js';
import type { ParsedDocument } from '../../codec/text/yaml.js';
import { defined } from '../../core/defined.js';

/** A value of the document with its place, and those of what it contains. */
interface Placed {
  readonly key: AST.Range;
  readonly value: AST.Range;
  /** A map or a list, or a single value. */
  readonly holds: Map<string | number, Placed> | { readonly single: unknown };
  readonly list: boolean;
}

/** The mistakes that people make, in words; the parser's own texts are short. */
const MISTAKES: readonly (readonly [told: RegExp, message: string, hint: string])[] = [
  [
    /multiple times/,
    'this key or table is defined twice',
    'remove one of them, or write [[name]] for each item of a list',
  ],
  [/^Unterminated string/, 'a quote is not closed', 'close it with the same quote on the same line'],
  [
    /^Unterminated|comma/,
    'a bracket is not closed, or a comma is missing',
    'close it with ] or }, and write commas between values',
  ],
  [/^Unspecified values/, 'a value is missing here', 'write text in quotes'],
  [/equal/, 'an equals sign is missing', 'write key = value'],
  [
    /newline|same line|curly braces/i,
    'this does not belong on the same line',
    'write each key on a line of its own; { } stands on one line',
  ],
  [/dots?\b|bare keys/, 'this is no key', 'write letters, digits, - and _, or put the key in quotes'],
  [
    /escape sequence/,
    'this is no escape sequence',
    'write \\\\ for a backslash, or use single quotes, which take it as it is',
  ],
  [
    /Underscores|Leading zeros/,
    'this is no number of TOML',
    'write 1000, 1_000 or 0o644; a number has no leading zeros',
  ],
  [/^Unexpected (token|character|spaces)/, 'this does not continue what stands before it', 'put text in quotes'],
];

function placeOf([start, end]: AST.Range, text: string): Place {
  const before = text.lastIndexOf('\n', start - 1);
  const lineEnd = text.indexOf('\n', start);
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) line++;
  const length = Math.max(1, Math.min(end, lineEnd < 0 ? text.length : lineEnd) - start);
  return { line, column: start - before, length };
}

function syntaxIssue(text: string, at: number, message: string, hint?: string): Issue {
  const place = placeOf([at, at + 1], text);
  return { code: 'syntax', severity: 'error', path: '', ...place, expected: 'TOML', ...defined({ hint }), message };
}

/** Where the parser stopped; a value that is missing at the end of a line is missing there, not on the next line. */
function stopped({ index, message }: ParseError, text: string): number {
  return message.startsWith('Unspecified') ? text.slice(0, index).trimEnd().length : index;
}

const keyText = (key: AST.TOMLBare | AST.TOMLQuoted): string => (key.type === 'TOMLBare' ? key.name : key.value);
const newMap = (key: AST.Range, value: AST.Range): Placed => ({ key, value, holds: new Map(), list: false });

/** The places of the values of a parsed document. What is nested deeper than {@link MAX_DEPTH} is left out, and noted. */
class Places {
  readonly root = newMap([0, 0], [0, 0]);
  /** Where the first value stands that is nested too deeply. */
  tooDeep: number | undefined;

  constructor(table: AST.TOMLTopLevelTable) {
    for (const node of table.body) {
      if (node.type === 'TOMLKeyValue') this.#keyValue(this.root, node, 1);
      else this.#table(node);
    }
  }

  /** Where a path is written: its key or its value; the nearest thing around it when it is absent. */
  find(path: Path, part: 'key' | 'value'): AST.Range {
    let placed = this.root;
    for (const step of path) {
      const next = placed.holds instanceof Map ? placed.holds.get(step) : undefined;
      if (next === undefined) return placed.value;
      placed = next;
    }
    return placed[part];
  }

  #table(node: AST.TOMLTable): void {
    let at = this.root;
    let key = 0;
    for (const [depth, step] of node.resolvedKey.entries()) {
      const named = node.key.keys[key]?.range ?? node.range;
      if (typeof step === 'string') key++;
      const isList = typeof node.resolvedKey[depth + 1] === 'number';
      at = this.#child(at, step, () => ({ ...newMap(named, node.range), list: isList }), depth + 1, node.range);
    }
    for (const inside of node.body) this.#keyValue(at, inside, node.resolvedKey.length + 1);
  }

  #keyValue(container: Placed, { key, value }: AST.TOMLKeyValue, depth: number): void {
    let at = container;
    const last = key.keys.length - 1;
    for (const [i, part] of key.keys.entries()) {
      const made = (): Placed =>
        i < last ? newMap(part.range, value.range) : this.#content(value, part.range, depth + i);
      at = this.#child(at, keyText(part), made, depth + i, part.range);
    }
  }

  #child(container: Placed, step: string | number, make: () => Placed, depth: number, at: AST.Range): Placed {
    if (!(container.holds instanceof Map)) return container;
    const known = container.holds.get(step);
    if (known !== undefined) return known;
    if (depth > MAX_DEPTH) {
      this.tooDeep ??= at[0];
      return newMap(at, at);
    }
    const made = make();
    container.holds.set(step, made);
    return made;
  }

  #content(node: AST.TOMLContentNode, key: AST.Range, depth: number): Placed {
    const placed = newMap(key, node.range);
    if (node.type === 'TOMLInlineTable') {
      for (const inside of node.body) this.#keyValue(placed, inside, depth + 1);
      return placed;
    }
    if (node.type === 'TOMLArray') {
      const list = { ...placed, list: true };
      for (const [i, element] of node.elements.entries()) {
        this.#child(list, i, () => this.#content(element, element.range, depth + 1), depth + 1, element.range);
      }
      return list;
    }
    // No option is a date; as text it is refused in words.
    return { ...placed, holds: { single: 'datetime' in node ? node.datetime : node.value } };
  }
}

function plainValue({ holds, list }: Placed): unknown {
  if (!(holds instanceof Map)) return holds.single;
  if (list) return Array.from(holds.values(), plainValue);
  return Object.fromEntries(Array.from(holds, ([key, value]) => [key, plainValue(value)]));
}

/** Reads a config written in TOML 1.0. The first syntax error is reported with its place; a repeated key is one. */
export function tomlDocument(name: string, text: string): Either<ConfigError, ParsedDocument> {
  const refuse = (issue: Issue) => left(new ConfigError(drawIssues([issue], { name, text }), [issue]));
  const tooDeep = (at: number) =>
    refuse(syntaxIssue(text, at, `tables and lists are nested more than ${MAX_DEPTH} deep`));
  let parsed: AST.TOMLProgram;
  try {
    parsed = parseTOML(text, { tomlVersion: '1.0' });
  } catch (error) {
    // The parser calls itself for each level, up to the end of the stack.
    if (!(error instanceof ParseError)) return tooDeep(0);
    const told = MISTAKES.find(([pattern]) => pattern.test(error.message));
    return refuse(syntaxIssue(text, stopped(error, text), `not TOML: ${told?.[1] ?? error.message}`, told?.[2]));
  }
  const places = new Places(parsed.body[0]);
  if (places.tooDeep !== undefined) return tooDeep(places.tooDeep);
  const place: IssueSource['place'] = (path, part) => placeOf(places.find(path, part), text);
  return right({ name, text, written: plainValue(places.root), place, issues: [] });
}
