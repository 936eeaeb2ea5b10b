import type { Flaw } from '../../codec/flaw.js';
import type { ConfigDocument } from '../read/configDocument.js';
import { drawProblems } from './drawProblems.js';
import { problemsOf } from './problemsOf.js';

/** Every flaw of a config in words, in the order of the document, each with its line and a caret below the place. */
export function drawFlaws(flaws: readonly Flaw[], document: ConfigDocument): string {
  return drawProblems(problemsOf(flaws, document), document);
}
