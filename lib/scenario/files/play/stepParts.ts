import type { Templater } from '../model.js';
import { htmlTemplate } from '../templates/html/escapeTree.js';
import { type Template, textTemplate } from '../templates/template.js';
import { EvaluationError } from '../values/evaluationError.js';
import type { PrintOptions } from '../values/goPrint.js';
import type { GoMap, GoValue } from '../values/goValue.js';
import {
  evaluateEntry,
  type MappingContext,
  type MappingEntry,
  mappingProblem,
  parseMappingEntry,
} from '../values/mapping.js';
import type { StepProblem } from './playableStep.js';

/** The entries of the mapping of a preprocessor, read. */
export type Mapping = readonly (readonly [name: string, entry: MappingEntry])[];

/** Reads the texts of a step. What cannot be read is a problem, and fails the step when it is played. */
export class StepReader {
  readonly problems: StepProblem[] = [];

  constructor(private readonly print: PrintOptions) {}

  /** @param path From the step to the text. */
  template(text: string, templater: Templater, ...path: string[]): Template {
    try {
      return templater === 'html' ? htmlTemplate(text, this.print) : textTemplate(text, this.print);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      this.problems.push({ part: 'template', path, value: text, error });
      return {
        render: () => {
          throw error;
        },
      };
    }
  }

  /** @param path From the step to the mapping. */
  mapping(mapping: Readonly<Record<string, string>>, ...path: (string | number)[]): Mapping {
    return Object.entries(mapping).map(([key, text]) => {
      const entry = parseMappingEntry(text);
      const reason = mappingProblem(entry);
      if (reason !== undefined) {
        const error = new EvaluationError('bad-index', reason);
        this.problems.push({ part: 'preprocessor', path: [...path, key], value: text, error });
      }
      return [key, entry];
    });
  }
}

/**
 * The values of mappings. Of two entries with one name the first one counts.
 *
 * @throws EvaluationError when one has no value.
 */
export function evaluateMappings(mappings: readonly Mapping[], variables: GoMap, context: MappingContext): GoMap {
  const values = Object.create(null) as Record<string, GoValue>;
  for (const [name, entry] of mappings.flat()) {
    const value = evaluateEntry(entry, variables, context);
    if (!Object.hasOwn(values, name)) values[name] = value;
  }
  return values;
}
