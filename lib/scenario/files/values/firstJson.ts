import { isNestedOver, JSON_DEPTH } from '../../../protocols/transport.js';
import { EvaluationError } from './evaluationError.js';
import { type GoValue, shown } from './goValue.js';

const BLANK = /^[ \t\r\n]*/;
const SCALAR = /^(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)/s;

/** The text of the first value: up to the bracket that closes its first one, or a scalar. */
function firstValue(text: string): string {
  const start = BLANK.exec(text)?.[0].length ?? 0;
  const scalar = SCALAR.exec(text.slice(start, start + 65_536))?.[0];
  if (scalar !== undefined) return scalar;
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (inString) {
      if (character === 0x5c) i++;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x5b || character === 0x7b) depth++;
    else if ((character === 0x5d || character === 0x7d) && --depth <= 0) return text.slice(start, i + 1);
  }
  return text.slice(start);
}

/**
 * The first JSON value of a text; what follows it is ignored. Numbers are doubles.
 *
 * @throws EvaluationError `not-json`, or `too-deep` for a value that recursive code cannot read.
 */
export function firstJson(bytes: Uint8Array, text: string): GoValue {
  if (isNestedOver(bytes, JSON_DEPTH))
    throw new EvaluationError('too-deep', `the JSON is nested over ${JSON_DEPTH} deep`);
  try {
    return JSON.parse(text) as GoValue;
  } catch {
    try {
      return JSON.parse(firstValue(text)) as GoValue;
    } catch {
      const what = text.trim() === '' ? 'it is empty' : `it begins with ${shown(text.trimStart())}`;
      throw new EvaluationError('not-json', `the text is not JSON: ${what}`);
    }
  }
}
