import { defined } from '../../core/defined.js';
import type { CodecIssue, Issue } from '../issue.js';
import { Reference } from '../reference.js';
import { isMap } from '../struct.js';
import type { IssueSource, Place } from './document.js';
import { type Path, pathOf, pathText } from './path.js';

const MAX_SHOWN_LENGTH = 60;

/** A value in a message: short, on one line, with a `${...}` reference instead of its value. */
function showValue(value: unknown): string {
  if (value instanceof Reference) return value.reference;
  if (Array.isArray(value)) return 'a list';
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'object') return isMap(value) ? 'a map' : 'an object';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > MAX_SHOWN_LENGTH ? `${value.slice(0, MAX_SHOWN_LENGTH)}…` : value);
}

/** The value that a path leads to through maps and lists; `otherwise` when it leads into a value of code. */
function valueAt(root: unknown, path: Path, otherwise: unknown): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value === 'object' && value !== null && !isMap(value) && !Array.isArray(value)) return otherwise;
    if (typeof value === 'function') return otherwise;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

function sentence({ code, expected, message = '' }: CodecIssue, shown: string): string {
  // The codec or the rule has its own sentence.
  if (message !== '' && message !== `expected ${expected}`) return message;
  if (code === 'required' && shown === 'nothing') return `missing; expected ${expected}`;
  if (code === 'unknown-key') return `unknown key; expected ${expected}`;
  if (code === 'duplicate-key') return `this key is already in the same map; expected ${expected}`;
  if (code === 'bad-reference') return `${shown} has no value; expected ${expected}`;
  if (code === 'missing-type') return `the key type is missing; expected ${expected}`;
  // An issue of a map as a whole is not about its type.
  const whole = (shown === 'a map' || shown === 'a list') && !['not-a-map', 'not-a-list', 'wrong-type'].includes(code);
  return whole ? `expected ${expected}` : `expected ${expected}, got ${shown}`;
}

/** The written text at an issue, without the value of a `${...}` reference. */
function writtenAt(issue: CodecIssue, document: IssueSource | undefined): unknown {
  const value = document === undefined ? issue.value : valueAt(document.written, pathOf(issue.context), issue.value);
  return value instanceof Reference ? value.reference : value;
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** A hint that quotes the value of a reference would reveal a secret. */
function safeHint(issue: CodecIssue, path: string, document: IssueSource | undefined): string | undefined {
  const own = issue.value instanceof Reference ? [issue.value.text] : [];
  const secrets = [...own, ...(document?.substituted?.get(path) ?? [])];
  return secrets.some((secret) => secret !== '' && issue.hint?.includes(secret)) ? undefined : issue.hint;
}

/**
 * The place of a part of a text value. The text is found again in its source: after a quote, or as a block below its key. A text
 * with escapes or folded lines has only the place of the whole.
 */
function partOf(whole: Place, { part, value }: CodecIssue, document: IssueSource | undefined): Place {
  if (part === undefined || typeof value !== 'string') return whole;
  const lines = (document?.text ?? '').split(/\r?\n/);
  const before = value.slice(0, part.offset).split('\n');
  const row = before.length - 1;
  const column = (before[row] as string).length;
  const shown = value.split('\n')[row] as string;
  const length = Math.max(1, Math.min(part.length, shown.length - column));
  const block = /^[|>]/.test((lines[whole.line - 1] ?? '').slice(whole.column - 1));
  const index = whole.line - 1 + row + (block ? 1 : 0);
  const source = lines[index] ?? '';
  const from =
    block || row > 0 ? source.search(/\S|$/) : whole.column - 1 + (/["']/.test(source[whole.column - 1] ?? '') ? 1 : 0);
  const begin = from - (block ? shown.search(/\S|$/) : 0);
  return source.startsWith(shown, begin) ? { line: index + 1, column: begin + column + 1, length } : whole;
}

/** Where an issue is: the option that gave the value, or a place in the config or in a file that it names. */
function placeOf(issue: CodecIssue, path: Path, document: IssueSource | undefined): Partial<Issue> {
  const option = document?.optionAt?.(path);
  if (option !== undefined) return { option };
  const atKey = issue.code === 'unknown-key' || issue.code === 'duplicate-key';
  const whole = issue.at ?? document?.place(path, atKey ? 'key' : 'value');
  const place = whole === undefined ? undefined : partOf(whole, issue, document);
  if (issue.file === undefined) return place ?? {};
  const { name, text = '' } = issue.file;
  return { file: name, ...place, ...defined({ lineText: place && text.split(/\r?\n/)[place.line - 1] }) };
}

function issueOf(issue: CodecIssue, config: IssueSource | undefined): Issue {
  const document = issue.file ?? config;
  const path = pathOf(issue.context);
  const written = writtenAt(issue, document);
  const hint = safeHint(issue, pathText(path), document);
  return {
    code: issue.code,
    severity: issue.severity ?? 'error',
    path: pathText(path),
    ...placeOf(issue, path, document),
    ...(isScalar(written) ? { value: written } : {}),
    expected: issue.expected,
    ...defined({ hint }),
    message: sentence(issue, showValue(issue.value instanceof Reference ? issue.value : written)),
  };
}

/** Issues as data, in the order of the document; those in files that it names come last, file by file. */
export function issuesOf(issues: readonly CodecIssue[], document?: IssueSource): readonly Issue[] {
  const files = [...new Set(issues.map(({ file }) => file?.name))];
  const fileOf = ({ file }: Issue): number => (file === undefined ? -1 : files.indexOf(file));
  const order = ({ line = 0, column = 0 }: Issue): number => line * 1e6 + column;
  return issues.map((issue) => issueOf(issue, document)).sort((a, b) => fileOf(a) - fileOf(b) || order(a) - order(b));
}
