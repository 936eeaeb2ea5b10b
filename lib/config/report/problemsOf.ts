import type { Flaw } from '../../codec/flaw.js';
import { Substituted } from '../../codec/substituted.js';
import type { ConfigDocument } from '../read/configDocument.js';
import { pathOf } from './pathOf.js';
import { pathText } from './pathText.js';
import type { Problem } from './problem.js';
import { showValue } from './showValue.js';
import { valueAt } from './valueAt.js';

function sentence({ code, expected }: Flaw, shown: string): string {
  if (code === 'required' && shown === 'nothing') return `missing; expected ${expected}`;
  if (code === 'unknown-key') return `unknown key; expected ${expected}`;
  if (code === 'duplicate-key') return `the key is there twice; expected ${expected}`;
  if (code === 'bad-reference') return `${shown} has no value; expected ${expected}`;
  if (code === 'missing-type') return `the key type is missing; expected ${expected}`;
  return `expected ${expected}, got ${shown}`;
}

/** What was written at a flaw: never what a `${...}` reference stands for. */
function writtenAt(flaw: Flaw, document: ConfigDocument | undefined): unknown {
  const value = document === undefined ? flaw.value : valueAt(document.value, pathOf(flaw.context));
  return value instanceof Substituted ? value.reference : value;
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** A hint that quotes what a reference stands for would give a secret away. */
function safeHint(flaw: Flaw, path: string, document: ConfigDocument | undefined): string | undefined {
  const own = flaw.value instanceof Substituted ? [flaw.value.text] : [];
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
    ...(hint === undefined ? {} : { hint }),
    message: sentence(flaw, showValue(flaw.value instanceof Substituted ? flaw.value : written)),
  };
}

/** Flaws as data, in the order of the document. */
export function problemsOf(flaws: readonly Flaw[], document?: ConfigDocument): readonly Problem[] {
  const order = ({ line = 0, column = 0 }: Problem): number => line * 1e6 + column;
  return flaws.map((flaw) => problemOf(flaw, document)).sort((a, b) => order(a) - order(b));
}
