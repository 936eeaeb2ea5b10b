import type { Example } from './example.js';
import { fencedExamples } from './fencedExamples.js';

const EXPORTED = /^\s*export (?:abstract )?(?:class|const|function|interface|type) (\w+)/;
const TAG = /(?:^|\s)@example(?=\s|$)/;

/**
 * The examples of the docstrings in a source file: the text after `@example` up to the next tag at the start of a line,
 * or the ```ts blocks in that text. ```ts blocks elsewhere in a docstring are examples too.
 */
export function docstringExamples(file: string, text: string): Example[] {
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const firstLine = text.slice(0, comment.index).split('\n').length;
    const lines = comment[0].split('\n').map((line) => line.replace(/^\s*\/?\*+(?!\/) ?/, '').replace(/\s*\*\/$/, ''));
    const [, of] = EXPORTED.exec(text.slice(comment.index + comment[0].length)) ?? [];
    return [...fencedExamples(file, lines, firstLine), ...tagged(file, lines, firstLine)]
      .sort((a, b) => a.line - b.line)
      .map((example) => (of === undefined ? example : { ...example, of }));
  });
}

/** The text after the tags that is not in a fence. */
function tagged(file: string, lines: readonly string[], firstLine: number): Example[] {
  return lines.flatMap((line, at) => {
    const tag = TAG.exec(line);
    if (tag === null) return [];
    const next = lines.findIndex((later, i) => i > at && /^\s*@\w/.test(later));
    const rest = [
      line.slice(tag.index + tag[0].length).trimStart(),
      ...lines.slice(at + 1, next < 0 ? lines.length : next),
    ];
    if (rest.some((each) => /^\s*```/.test(each))) return [];
    const blank = rest.findIndex((each) => each.trim() !== '');
    return [{ file, line: firstLine + at + blank, code: rest.slice(blank).join('\n').trimEnd(), continues: false }];
  });
}
