import { defined } from '../../core/defined.js';
import type { Flaw, FlawCode } from '../issue.js';
import { Reference } from '../reference.js';
import { isMap } from '../struct.js';
import type { ConfigDocument } from './document.js';
import { type Path, pathOf, pathText } from './path.js';

/** One thing that is wrong with a config, as data: what `check --json` prints. */
export interface Problem {
  /** Stable name of what is wrong. */
  readonly code: FlawCode | 'syntax';
  /** Where, such as `pools[0].rps.duration`; empty for a syntax error. */
  readonly path: string;
  /** Line and column in the text, from 1; absent when there is no text. */
  readonly line?: number;
  readonly column?: number;
  /** How many characters of the line are meant. */
  readonly length?: number;
  /** What was written, before `${...}` was replaced; absent for maps, lists and absent values. */
  readonly value?: string | number | boolean | null;
  /** What would have been right. */
  readonly expected: string;
  readonly hint?: string;
  /** The whole in one sentence, without the place and the hint. */
  readonly message: string;
}

const LONGEST = 60;

/** A value in a message: short, on one line, a `${...}` reference instead of what it stands for. */
function showValue(value: unknown): string {
  if (value instanceof Reference) return value.reference;
  if (Array.isArray(value)) return 'a list';
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'object') return isMap(value) ? 'a map' : 'an object';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
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

function sentence({ code, expected, message = '' }: Flaw, shown: string): string {
  if (code === 'broken-codec') return message;
  if (code === 'required' && shown === 'nothing') return `missing; expected ${expected}`;
  if (code === 'unknown-key') return `unknown key; expected ${expected}`;
  if (code === 'duplicate-key') return `the key is there twice; expected ${expected}`;
  if (code === 'bad-reference') return `${shown} has no value; expected ${expected}`;
  if (code === 'missing-type') return `the key type is missing; expected ${expected}`;
  return `expected ${expected}, got ${shown}`;
}

/** What was written at a flaw: never what a `${...}` reference stands for. */
function writtenAt(flaw: Flaw, document: ConfigDocument | undefined): unknown {
  const value = document === undefined ? flaw.value : valueAt(document.value, pathOf(flaw.context), flaw.value);
  return value instanceof Reference ? value.reference : value;
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** A hint that quotes what a reference stands for would give a secret away. */
function safeHint(flaw: Flaw, path: string, document: ConfigDocument | undefined): string | undefined {
  const own = flaw.value instanceof Reference ? [flaw.value.text] : [];
  const secrets = [...own, ...(document?.substituted?.get(path) ?? [])];
  return secrets.some((secret) => secret !== '' && flaw.hint?.includes(secret)) ? undefined : flaw.hint;
}

function problemOf(flaw: Flaw, document: ConfigDocument | undefined): Problem {
  const path = pathOf(flaw.context);
  const written = writtenAt(flaw, document);
  const atKey = flaw.code === 'unknown-key' || flaw.code === 'duplicate-key';
  const hint = safeHint(flaw, pathText(path), document);
  return {
    code: flaw.code,
    path: pathText(path),
    ...document?.place(path, atKey ? 'key' : 'value'),
    ...(isScalar(written) ? { value: written } : {}),
    expected: flaw.expected,
    ...defined({ hint }),
    message: sentence(flaw, showValue(flaw.value instanceof Reference ? flaw.value : written)),
  };
}

/** Flaws as data, in the order of the document. */
export function problemsOf(flaws: readonly Flaw[], document?: ConfigDocument): readonly Problem[] {
  const order = ({ line = 0, column = 0 }: Problem): number => line * 1e6 + column;
  return flaws.map((flaw) => problemOf(flaw, document)).sort((a, b) => order(a) - order(b));
}
