import { isLeft } from 'fp-ts/lib/Either.js';
import { Substituted } from '../../codec/substituted.js';
import type { ReferenceSource } from './referenceSource.js';
import { type BadReference, resolveReference } from './resolveReference.js';

const REFERENCE = /\$\{(?:([^}:]+):)?([^{}]+)\}/g;
const ONLY = /^\$\{(?:[^}:]+:)?[^{}]+\}$/;

/** Text after its references were replaced. */
export interface SubstitutedText {
  /** {@link Substituted} when the text was nothing but one reference. */
  readonly value: string | Substituted;
  /** What the references stand for. */
  readonly resolved: readonly string[];
  readonly bad: readonly BadReference[];
}

/**
 * Replaces `${NAME}`, `${env:NAME}` and `${property:path#key}` in a text. The prefix ends at the first colon; blanks
 * around prefix and name don't count. Text with another prefix stays, and values are not searched again.
 */
export function substituteText(text: string, source: ReferenceSource): SubstitutedText {
  const resolved: string[] = [];
  const bad: BadReference[] = [];
  const value = text.replaceAll(REFERENCE, (whole, prefix: string | undefined, name: string) => {
    const result = resolveReference(prefix?.trim(), name.trim(), source);
    if (result === undefined) return whole;
    if (isLeft(result)) {
      bad.push(result.left);
      return whole;
    }
    resolved.push(result.right);
    return result.right;
  });
  const wholly = resolved.length === 1 && ONLY.test(text);
  return { value: wholly ? new Substituted(value, text) : value, resolved, bad };
}
