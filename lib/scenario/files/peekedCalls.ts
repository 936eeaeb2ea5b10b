import type { IssueSource, Place } from '../../codec/report/document.js';
import { jsonRange } from '../../codec/text/jsonPlaces.js';
import type { PeekedAmmo } from '../../plugin/traits.js';
import { type ExactJson, parseExactJson } from '../../protocols/exactJson.js';
import type { PeekedGrpcAmmo } from '../../protocols/grpc.js';
import { ANY_VALUE, type PartialJson } from '../../protocols/partialJson.js';
import type { GrpcCallStep, GrpcScenarioFile } from './model.js';
import { FUNCTION_NAMES } from './templates/builtins.js';
import { parseTemplate } from './templates/parser.js';

/** An action of a template. */
const ACTION = /\{\{(?:"(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)*'|[^"`'])*?\}\}/gs;

/** A character that a text does not have. */
function unusedCharacter(text: string): string {
  let code = 0xe000;
  while (text.includes(String.fromCharCode(code))) code++;
  return String.fromCharCode(code);
}

/** True for a template that consists of texts and of values that are printed, so that its form is known. */
function isPlain(text: string): boolean {
  try {
    const { nodes, defined } = parseTemplate(text, FUNCTION_NAMES);
    return defined.size === 0 && nodes.every(({ kind }) => kind === 'text' || kind === 'action');
  } catch {
    return false;
  }
}

/**
 * The JSON that a template prints, as long as the template, with strings of the mark at the places of its actions: `{"a": {{.b}}}` is
 * `{"a": "*    "}`. Not always JSON.
 */
function masked(text: string, mark: string): string {
  let inString = false;
  let at = 0;
  let made = '';
  const plain = (part: string): void => {
    for (let i = 0; i < part.length; i++) {
      if (part[i] === '\\' && inString) i++;
      else if (part[i] === '"') inString = !inString;
    }
    made += part;
  };
  for (const action of text.matchAll(ACTION)) {
    plain(text.slice(at, action.index));
    const { length } = action[0];
    made += inString ? mark.padEnd(length) : `"${mark.padEnd(length - 2)}"`;
    at = action.index + length;
  }
  plain(text.slice(at));
  return made;
}

/** The value without the members whose names are not known; what has the mark is any value. */
function unmarked(value: ExactJson, mark: string): PartialJson {
  if (typeof value === 'string') return value.includes(mark) ? ANY_VALUE : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly ExactJson[]).map((each) => unmarked(each, mark));
  const known = Object.entries(value).filter(([key]) => !key.includes(mark));
  return Object.fromEntries(known.map(([key, each]) => [key, unmarked(each as ExactJson, mark)]));
}

/** A payload as far as it is known, with the text of JSON that has the same places. */
interface PeekedPayload {
  readonly value: PartialJson;
  readonly json: string;
}

function peekedPayload(text: string): PeekedPayload {
  const unknown: PeekedPayload = { value: ANY_VALUE, json: '' };
  if (text.trim() === '') return { value: null, json: '' };
  if (text.includes('{{') && !isPlain(text)) return unknown;
  const mark = unusedCharacter(text);
  const json = masked(text, mark);
  try {
    const value = unmarked(parseExactJson(json), mark);
    // The reader of the file reports what is no object.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { value, json } : unknown;
  } catch {
    return unknown;
  }
}

/** The place of a part of a payload, when its lines stand in the file as they are; else undefined. */
function placeInPayload(
  { text: file = '' }: IssueSource,
  whole: Place | undefined,
  payload: string,
  [start, end]: readonly [number, number],
): Place | undefined {
  if (whole === undefined) return undefined;
  const before = payload.slice(0, start).split('\n');
  const line = payload.split('\n')[before.length - 1] as string;
  const indent = line.length - line.trimStart().length;
  const lines = file.split(/\r?\n/);
  // The text begins at the line of its value, or below it when that is the beginning of a block.
  for (const first of [whole.line, whole.line + 1]) {
    const at = first + before.length - 1;
    const found = line.trim() === '' ? -1 : (lines[at - 1] ?? '').indexOf(line.trim());
    if (found < 0) continue;
    const column = found + 1 + (before.at(-1) as string).length - indent;
    return { line: at, column, length: Math.max(1, Math.min(end - start, line.length - (column - found - 1))) };
  }
  return undefined;
}

/** The source of a step, which also has the places of the parts of its payload. */
function sourceOf(source: IssueSource, step: GrpcCallStep, { json }: PeekedPayload): IssueSource {
  const depth = step.path.length;
  return {
    ...source,
    place: (path, part) => {
      const whole = source.place(path.slice(0, depth + 1), 'value');
      if (path[depth] !== 'payload' || path.length === depth + 1 || json === '') return source.place(path, part);
      const range = jsonRange(json, path.slice(depth + 1), part);
      return placeInPayload(source, whole, step.payload, range) ?? whole;
    },
  };
}

/** The calls that the scenarios of a file play, as far as they are known before a run, for the check by descriptors. */
export function peekedCalls({ source, scenarios }: GrpcScenarioFile): readonly PeekedAmmo[] {
  const played = new Set(scenarios.flatMap(({ runs }) => runs.map(({ step }) => step)));
  return [...played].map((step): PeekedAmmo => {
    const payload = peekedPayload(step.payload);
    // The values of templates are checked when they are sent.
    const metadata = Object.entries(step.metadata).map(([name, text]) => [name, text.includes('{{') ? '' : text]);
    const ammo: PeekedGrpcAmmo = {
      protocol: 'grpc',
      call: {
        method: step.call,
        metadata: Object.fromEntries(metadata) as Record<string, string>,
        payload: payload.value,
      },
    };
    return { ammo, written: { source: sourceOf(source, step, payload), path: step.path } };
  });
}
