const ESCAPED_OR_CLASS = /\\.|\[(?:\\.|[^\]\\])*\]/gs;
const GROUP_SYNTAX = /\(\?(?:<?[=!]|:|<\w+>)/g;
const LAZY = /([*+?}])\?/g;
const QUANTIFIER = /[*+?{]/g;
const BACKREFERENCE = /\\[1-9k]/;
/** One quantifier takes at most quadratic time: about 10 ms for this many characters. */
const MAX_SAFE_LENGTH = 4096;

/**
 * The longest text on which an expression is certain to take little time. Alternatives in groups, references to
 * groups and more than one quantifier can take exponential time.
 */
export function safeLength({ source }: RegExp): number {
  const bare = source.replace(ESCAPED_OR_CLASS, 'x').replace(GROUP_SYNTAX, '(').replace(LAZY, '$1');
  if (BACKREFERENCE.test(source) || (bare.includes('|') && bare.includes('('))) return 0;
  const quantifiers = bare.match(QUANTIFIER)?.length ?? 0;
  return quantifiers === 0 ? Number.POSITIVE_INFINITY : quantifiers === 1 ? MAX_SAFE_LENGTH : 0;
}
