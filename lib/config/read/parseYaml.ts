import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml';
import type { Problem } from '../report/problem.js';
import type { ConfigDocument, Place } from './configDocument.js';
import { locate, type Stretch } from './locate.js';
import { wholeNumberTag } from './wholeNumberTag.js';

const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with blanks',
  BAD_INDENT: 'lines of one map or list begin in the same column',
  BLOCK_AS_IMPLICIT_KEY: 'check the indentation, and quote text that contains a colon',
  MULTIPLE_DOCS: 'write one config per file: leave out ---',
  MISSING_CHAR: 'something is not closed or a colon is missing',
};

function placeOf([start, end]: Stretch, text: string, lines: LineCounter): Place {
  const { line, col } = lines.linePos(start);
  const lineEnd = text.indexOf('\n', start);
  return { line, column: col, length: Math.max(1, Math.min(end, lineEnd < 0 ? text.length : lineEnd) - start) };
}

function problemOf(error: YAMLError, text: string, lines: LineCounter): Problem {
  const duplicate = error.code === 'DUPLICATE_KEY';
  const place = placeOf(error.pos, text, lines);
  const line = text.split('\n')[place.line - 1] ?? '';
  const hint =
    !duplicate && line.includes('${') ? 'inside { } and [ ] a reference is quoted: "${NAME}"' : HINTS[error.code];
  return {
    code: duplicate ? 'duplicate-key' : 'syntax',
    path: '',
    ...place,
    expected: duplicate ? 'each key only once' : 'YAML',
    ...(hint === undefined ? {} : { hint }),
    message: duplicate ? 'the key is there twice' : error.message.replaceAll(/\s+/g, ' '),
  };
}

/** What could be read of a text: the document, every problem, and how to find places. */
export interface ParsedYaml {
  readonly document: Document;
  readonly problems: readonly Problem[];
  readonly place: ConfigDocument['place'];
}

/** Parses YAML 1.2 (core schema, merges, {@link wholeNumberTag}), keeping positions. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: true,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter: lines,
    customTags: (tags) => [wholeNumberTag, ...tags],
  });
  const problems = document.errors.map((error) => problemOf(error, text, lines));
  const isRepeated = ({ code }: Problem): boolean => code === 'duplicate-key';
  // After the first mistake in the syntax the reader is out of step, and tells of many that are none.
  const mistake = problems.filter((problem) => !isRepeated(problem)).slice(0, 1);
  return {
    document,
    problems: [...mistake, ...problems.filter(isRepeated)],
    place: (path, part) => {
      const stretch = locate(document, path, part);
      return stretch === undefined ? undefined : placeOf(stretch, text, lines);
    },
  };
}
