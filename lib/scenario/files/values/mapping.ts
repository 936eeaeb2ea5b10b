import { EvaluationError } from './evaluationError.js';
import { type FunctionCall, parseCall } from './functions.js';
import type { PrintOptions } from './goPrint.js';
import type { GoMap, GoValue } from './goValue.js';
import { badIndexOf, type PathContext, parsePath, type ValuePath, valueAt } from './valuePath.js';

/** What an entry of a mapping is evaluated with. */
export interface MappingContext extends PathContext {
  readonly print: PrintOptions;
}

/** An argument of a call: the value of a path if there is one, else the text itself. */
interface Argument {
  readonly text: string;
  readonly path: ValuePath;
}

/** The value of a mapping: a path or a call of a function. */
export type MappingEntry =
  | { readonly kind: 'path'; readonly path: ValuePath }
  | { readonly kind: 'call'; readonly call: FunctionCall; readonly args: readonly Argument[] };

/** Reads the value of a mapping. Every text is one; what cannot be evaluated fails then. */
export function parseMappingEntry(text: string): MappingEntry {
  const call = parseCall(text);
  if (call === undefined) return { kind: 'path', path: parsePath(text) };
  return { kind: 'call', call, args: call.args.map((arg) => ({ text: arg, path: parsePath(arg) })) };
}

/** What is wrong with an entry for any data; undefined when it may have a value. */
export function mappingProblem(entry: MappingEntry): string | undefined {
  const index = entry.kind === 'path' ? badIndexOf(entry.path) : undefined;
  return index === undefined ? undefined : `the index ${JSON.stringify(index)} is not an integer, next, last or rand`;
}

function argumentValue({ text, path }: Argument, variables: GoMap, context: MappingContext): GoValue {
  try {
    return valueAt(variables, path, context);
  } catch (error) {
    if (error instanceof EvaluationError) return text;
    throw error;
  }
}

/**
 * The value of an entry.
 *
 * @param variables The map with `source` and `request`.
 * @throws EvaluationError when there is none.
 */
export function evaluateEntry(entry: MappingEntry, variables: GoMap, context: MappingContext): GoValue {
  if (entry.kind === 'path') return valueAt(variables, entry.path, context);
  const args = entry.args.map((arg) => argumentValue(arg, variables, context));
  return entry.call.function(args, context.random, context.print);
}
