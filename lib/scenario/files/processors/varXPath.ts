import { createRequire } from 'node:module';
import type { Document as XmlDocument } from '@xmldom/xmldom';
import { describeError } from '../../../core/errorContext.js';
import { EvaluationError } from '../values/evaluationError.js';
import { type GoValue, shown } from '../values/goValue.js';
import { htmlParser, htmlTree } from './htmlTree.js';
import { type CompiledPostprocessor, compileMapping, throwFirst } from './postprocessor.js';
import { withinTime } from './varJsonPath.js';

/** The used part of the library `xpath`. Its own types leave out the parser. */
interface XPathLibrary {
  parse(expression: string): { evaluate(options: { readonly node: XmlDocument }): XPathResult };
}
interface XPathResult {
  /** Only for a set of nodes. */
  toArray?(): { readonly nodeValue: string | null; readonly textContent?: string | null }[];
}

const load = createRequire(import.meta.url);
/** The longest expression. */
const LONGEST = 4096;

/** @throws EvaluationError `path-syntax`. */
function parseXPath(expression: string): (document: XmlDocument) => readonly string[] {
  const library = load('xpath') as XPathLibrary;
  const wrong = (why: string): never => {
    throw new EvaluationError('path-syntax', `${shown(expression)} is not an XPath: ${why}`);
  };
  if (expression.length > LONGEST) wrong(`it is longer than ${LONGEST} characters`);
  const parse = (): ReturnType<XPathLibrary['parse']> => {
    try {
      return library.parse(expression);
    } catch (error) {
      return wrong(describeError(error));
    }
  };
  const query = parse();
  return (document) => {
    const evaluate = (): XPathResult => {
      try {
        return query.evaluate({ node: document });
      } catch (error) {
        // A function that XPath does not have is only found here.
        return wrong(describeError(error));
      }
    };
    const nodes = evaluate().toArray?.();
    if (nodes === undefined)
      throw new EvaluationError('not-a-node-set', `${shown(expression)} gives a number or a text, expected nodes`);
    return nodes.map((node) => node.nodeValue ?? node.textContent ?? '');
  };
}

/**
 * The postprocessor `var/xpath`: variables from the body as HTML. One node is a text, several are a list of texts, none is an empty
 * list. The text of an element is all text in it.
 */
export function varXPath(mapping: Readonly<Record<string, string>>): CompiledPostprocessor {
  const { entries, problems } = compileMapping(mapping, parseXPath);
  if (entries.length > 0) htmlParser();
  return {
    problems,
    extract: (response) => {
      const variables = new Map<string, GoValue>();
      throwFirst(problems);
      for (const [name, query] of entries) {
        const texts = withinTime(response, () => query(htmlTree(response)));
        variables.set(name, texts.length === 1 ? texts[0] : texts);
      }
      return variables;
    },
  };
}
