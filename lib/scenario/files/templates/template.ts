import type { Random } from '../../../core/deps.js';
import type { PrintOptions } from '../values/goPrint.js';
import type { GoMap } from '../values/goValue.js';
import { FUNCTION_NAMES } from './builtins.js';
import { Rendering } from './evaluate.js';
import { parseTemplate } from './parser.js';

/** A template that was read, for any number of renderings. */
export interface Template {
  /**
   * Its text for some variables.
   *
   * @param variables The map with `source` and `request`.
   * @param random For `randInt`, `randString` and `uuid`.
   * @throws TemplateError when it cannot be rendered: a field of a text, two types that cannot be compared, a loop over the limits.
   */
  render(variables: GoMap, random: Random): string;
}

/**
 * Reads a template of Go's `text/template`.
 *
 * @throws TemplateError `template-syntax`, with its line and column.
 */
export function textTemplate(text: string, print: PrintOptions): Template {
  if (!text.includes('{{')) return { render: () => text };
  const parsed = parseTemplate(text, FUNCTION_NAMES);
  return { render: (variables, random) => new Rendering(parsed, { print, random }).render(variables) };
}
