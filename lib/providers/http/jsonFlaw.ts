import type { WholeFlaw } from '../../codec/wholly.js';
import type { Bytes } from '../../core/units.js';
import type { Chosen } from '../../plugin/chosen.js';
import { JsonValues } from '../json/jsonValues.js';
import { peekSource } from '../reading/peekSource.js';
import { jsonStart } from './jsonStart.js';
import { readHttpItem } from './readHttpItem.js';

const START: Bytes = 64 * 1024;
/** A list of up to this size is read completely while the config is. */
const LIST: Bytes = 64 * 1024 * 1024;

const EXPECTED = 'file with JSON objects, one after another or in one list';

/** The first fault of a list; a list that is only partly there is not blamed for its end. */
function listProblem(bytes: Buffer, start: number, whole: boolean): string | undefined {
  let problem: string | undefined;
  const found = (text: string, line: number): false => {
    problem ??= `line ${line}: ${text}`;
    return false;
  };
  const values = new JsonValues({
    maxSize: LIST,
    take: (text, line) => {
      try {
        const item = readHttpItem(JSON.parse(text.toString()));
        return typeof item === 'string' ? found(item, line) : true;
      } catch (error) {
        return found(error instanceof Error ? error.message : String(error), line);
      }
    },
    refuse: (text, _value, line) => void found(text, line),
    tooLarge: () => undefined,
  });
  values.scanner.line += bytes.subarray(0, start).filter((byte) => byte === 10).length;
  values.scanner.enterList();
  values.push(bytes.subarray(start + 1));
  if (whole) values.end();
  return problem;
}

/**
 * What is wrong with a source of http/json ammo, as far as can be seen while the config is read: it is empty, it begins
 * with neither an object nor a list, or its list is broken.
 */
export function jsonFlaw(chosen: Chosen<'source'>): WholeFlaw | undefined {
  const peek = peekSource(chosen, START);
  if (peek === undefined) return undefined;
  const { kind, at } = jsonStart(peek.bytes);
  if (kind === 'object') return undefined;
  if (kind === 'blank') {
    return peek.whole ? { code: 'empty-file', expected: EXPECTED, hint: 'there is nothing in it' } : undefined;
  }
  if (kind !== 'list') return { code: kind, expected: EXPECTED, hint: 'look at its first character' };
  const all = peek.whole ? peek : peekSource(chosen, LIST);
  const problem = all === undefined ? undefined : listProblem(all.bytes, at, all.whole);
  return problem === undefined ? undefined : { code: 'bad-json', expected: EXPECTED, hint: problem };
}
