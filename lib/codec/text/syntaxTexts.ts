import type { LineCounter, YAMLError } from 'yaml';
import { defined } from '../../core/defined.js';
import type { Issue } from '../issue.js';
import { placeIn, type TextRange } from './places.js';

type SyntaxText = readonly [message: string, hint?: string];

const UNCLOSED: SyntaxText = ['a bracket { or [ is not closed before this place', 'close it with } or ]'];

const UNQUOTED: SyntaxText = ['this quote is not closed', 'close it; inside double quotes write \\" for a quote'];

const MISPLACED: SyntaxText = [
  'this line does not belong to the list above',
  'indent it like the first key of its item, or begin an item with "- "',
];

const UNEXPECTED: SyntaxText = ['this does not fit the text before it', 'check the indentation and the brackets'];

/** Messages about frequent errors in YAML. The messages of the parser are for programmers. */
const SYNTAX_TEXTS: Readonly<Partial<Record<YAMLError['code'], SyntaxText>>> = {
  TAB_AS_INDENT: ['this line is indented with a tab', 'indent with spaces'],
  BAD_INDENT: [
    'the indentation does not fit the lines before',
    'the entries of one map or list begin in the same column',
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    'a map cannot begin here',
    'write it on the next line, indented; put text that contains ": " in quotes',
  ],
  MULTILINE_IMPLICIT_KEY: ['a key must be on one line', 'check the indentation; put text that contains ": " in quotes'],
  MISSING_CHAR: ['something is missing here', 'close every quote and bracket, and write a colon after every key'],
  BAD_SCALAR_START: ['text cannot begin with this character', 'put it in quotes'],
  BAD_DQ_ESCAPE: [
    'this is no escape sequence',
    'write \\\\ for a backslash, or use single quotes, which do not change it',
  ],
  MULTIPLE_ANCHORS: ['a value can have one anchor only', 'remove all but one &name'],
  BAD_DIRECTIVE: ['this directive is not known', 'remove the line that begins with %'],
  BLOCK_IN_FLOW: [
    'inside { } and [ ] everything is written in brackets',
    'write [a, b] for a list and {a: b} for a map',
  ],
  ALIAS_PROPS: ['an alias cannot have an anchor or a tag of its own', 'write only *name'],
  UNEXPECTED_TOKEN: UNEXPECTED,
  RESOURCE_EXHAUSTION: ['aliases make this document too large', 'use fewer anchors inside each other'],
};

/** The text about an error. Several errors have one code, and their messages differ. */
function textOf(code: YAMLError['code'], raw: string): SyntaxText {
  if (code === 'BAD_INDENT' && raw.startsWith('Flow')) return UNCLOSED;
  if (raw.startsWith('Missing closing')) return UNQUOTED;
  if (raw.startsWith('Sequence item')) return MISPLACED;
  return SYNTAX_TEXTS[code] ?? UNEXPECTED;
}

/** The issue of a syntax error that the parser of YAML found. */
export function syntaxIssue(
  {
    code,
    pos,
    message: raw = '',
  }: { readonly code: YAMLError['code']; readonly pos: TextRange; readonly message?: string },
  text: string,
  lines: LineCounter,
): Issue {
  const place = placeIn(pos, text, lines);
  const [message, hint] = textOf(code, raw);
  const end = text.indexOf('\n', pos[0]);
  const line = text.slice(text.lastIndexOf('\n', pos[0] - 1) + 1, end < 0 ? text.length : end);
  const quotingHint = /[[{,:]\s*\$\{/.test(line) ? 'inside { } and [ ] a reference is quoted: "${NAME}"' : hint;
  return {
    code: 'syntax',
    severity: 'error',
    path: '',
    ...place,
    expected: 'YAML',
    ...defined({ hint: quotingHint }),
    message: `not YAML: ${message}`,
  };
}
