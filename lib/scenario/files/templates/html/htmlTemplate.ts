import type { PrintOptions } from '../../values/goPrint.js';
import { FUNCTION_NAMES } from '../builtins.js';
import { Rendering } from '../evaluate.js';
import { parseTemplate } from '../parser.js';
import type { Template } from '../template.js';
import { escapeTree } from './escapeTree.js';

/**
 * Reads a template of Go's `html/template`: every value that it inserts is escaped for its place, such as the text of an element, the
 * value of an attribute, a URL or a script. What is not a tag, such as JSON, is text.
 *
 * @throws TemplateError `template-syntax`, with its line and column.
 */
export function htmlTemplate(text: string, print: PrintOptions): Template {
  if (!/[{<]/.test(text)) return { render: () => text };
  const escaped = escapeTree(parseTemplate(text, FUNCTION_NAMES));
  return { render: (variables, random) => new Rendering(escaped, { print, random }).render(variables) };
}
