import { codecIssue } from '../../../codec/issue.js';
import type { Place } from '../../../codec/report/document.js';
import { contextOf, type Path } from '../../../codec/report/path.js';
import type { ParsedDocument } from '../../../codec/text/yaml.js';
import { SCENARIO_FILE } from './blocks.js';
import { parseHcl } from './body.js';
import { type ModelNode, ModelReader } from './model.js';
import { type Body, HclError, type Span } from './syntax.js';

/** Finds the lines and columns of a text. */
function placesIn(text: string): (span: Span) => Place {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return ({ start, end }) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= start) low = middle;
      else high = middle - 1;
    }
    const begin = starts[low] as number;
    const lineEnd = starts[low + 1] === undefined ? text.length : (starts[low + 1] as number) - 1;
    return { line: low + 1, column: start - begin + 1, length: Math.max(1, Math.min(end, lineEnd) - start) };
  };
}

/** The node that a path leads to, or the nearest one around it. */
function nodeAt(root: ModelNode, path: Path): ModelNode {
  let node = root;
  for (const part of path) {
    const next = node.inside.get(part);
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

function parsed(text: string): Body | HclError {
  try {
    return parseHcl(text);
  } catch (error) {
    if (error instanceof HclError) return error;
    throw error;
  }
}

/**
 * Reads a scenario file in HCL: its expressions are computed, and its blocks become the model that a file in YAML has.
 *
 * @returns The model; `issues` has what is wrong. After a mistake in the syntax there is no model, and that issue alone.
 */
export function hclDocument(name: string, text: string): ParsedDocument {
  const placeOf = placesIn(text);
  const body = parsed(text);
  if (body instanceof HclError) {
    const { span, message, hint } = body;
    const issue = { ...codecIssue(undefined, contextOf([]), 'syntax', 'HCL', hint), message: `not HCL: ${message}` };
    return { name, text, written: undefined, place: () => undefined, issues: [{ ...issue, at: placeOf(span) }] };
  }
  const reader = new ModelReader();
  const model = reader.read(body, SCENARIO_FILE);
  return {
    name,
    text,
    written: model.value,
    place: (path, part) => {
      const { keyAt, at } = nodeAt(model, path);
      return placeOf(part === 'key' ? keyAt : at);
    },
    issues: reader.issues.map(({ issue, span }) => ({ ...issue, at: placeOf(span) })),
  };
}
