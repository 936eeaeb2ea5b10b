import { EvaluationError } from '../../values/evaluationError.js';
import { shown } from '../../values/goValue.js';

/** A piece of a path: a name, a number, a text in quotes, or one character. */
export interface PathToken {
  readonly kind: 'name' | 'number' | 'text' | 'character' | 'end';
  readonly text: string;
}

const TOKEN =
  /\s*(?:\/\*[\s\S]*?\*\/\s*|\/\/[^\n]*\s*)*(?:([\p{L}_][\p{L}\p{Nd}_]*)|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|("(?:[^"\\\n]|\\[^\n])*"|`[^`]*`|'(?:[^'\\\n]|\\[^\n])')|(==|!=|[\s\S]))/uy;

/** The longest path. */
const LONGEST = 4096;

/** @throws EvaluationError `path-syntax`. */
export function syntaxError(path: string, reason: string): never {
  throw new EvaluationError('path-syntax', `${shown(path)} is not a JSONPath: ${reason}`);
}

/** Cuts a path into tokens as Go's scanner does: a number after a dot, such as in `$.a.0`, is one token with the dot. */
export function tokensOfPath(path: string): readonly PathToken[] {
  if (path.length > LONGEST) syntaxError(path, `it is longer than ${LONGEST} characters`);
  const tokens: PathToken[] = [];
  const end = path.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const [, name, number, quoted, character] = TOKEN.exec(path) ?? [];
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
    else tokens.push({ kind: 'character', text: character ?? '' });
  }
  return [...tokens, { kind: 'end', text: '' }];
}
