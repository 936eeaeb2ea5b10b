/** A place in a text: `line:column`, both from 1. */
function placeAt(text: string, index: number): string {
  const before = text.slice(0, index);
  return `${before.split('\n').length}:${index - before.lastIndexOf('\n')}`;
}

/** The same text with blanks for its comments and the contents of its texts, so that words are found at their places. */
function withoutComments(text: string): string {
  return text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, (part) =>
    part.replace(/[^\n]/g, ' '),
  );
}

const literally = (word: string): string => word.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');

/**
 * Where a `.proto` file uses a type, as `line:column`; empty when it is not found.
 *
 * @param type As it is written there.
 */
export function typePlace(text: string, type: string): string {
  const use = new RegExp(`(?<![\\w.])${literally(type)}(?=\\s*[)>{]|\\s+[A-Za-z_]\\w*\\s*[={])`);
  const found = use.exec(withoutComments(text));
  return found === null ? '' : placeAt(text, found.index);
}

/** The most places of one line that are tried. */
const MAX_TRIES = 50;

/**
 * Where the parser of a `.proto` file stopped, as `line:column`.
 *
 * @param token What it found there; undefined when it does not say so.
 * @param stops True when the parser stops in the same way for a part of the text, from its begin. The first part that ends with the token and
 *   stops in that way ends with the right one.
 */
export function stopPlace(
  text: string,
  line: number,
  token: string | undefined,
  stops: (part: string) => boolean,
): string {
  const lines = text.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const written = lines[line - 1] ?? '';
  if (token !== undefined && token !== '') {
    let at = written.indexOf(token);
    for (let tries = 0; at >= 0 && tries < MAX_TRIES; tries++) {
      if (stops(text.slice(0, start + at + token.length))) return `${line}:${at + 1}`;
      at = written.indexOf(token, at + 1);
    }
  }
  return `${line}:${written.length - written.trimStart().length + 1}`;
}
