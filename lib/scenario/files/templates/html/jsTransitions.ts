import { EvaluationError } from '../../values/evaluationError.js';
import { shown } from '../../values/goValue.js';
import type { Context } from './context.js';

type Transition = readonly [context: Context, length: number];

const KEYWORDS = new Set([
  'break',
  'case',
  'continue',
  'delete',
  'do',
  'else',
  'finally',
  'in',
  'instanceof',
  'return',
  'throw',
  'try',
  'typeof',
  'void',
]);
const BLANKS_AT_END = /[\s\ufeff]+$/;

/** What a slash means after a piece of JavaScript. */
function slashAfter(code: string, before: Context['slash']): Context['slash'] {
  const text = code.replace(BLANKS_AT_END, '');
  const last = text.at(-1);
  if (last === undefined) return before;
  if (last === '+' || last === '-') {
    const run = /(\++|-+)$/.exec(text)?.[0].length ?? 0;
    return run % 2 === 1 ? 'regexp' : 'division';
  }
  if (last === '.') return /\d\.$/.test(text) ? 'division' : 'regexp';
  if (/[,<>=*%&|^?!~([:;{}]/.test(last)) return 'regexp';
  return KEYWORDS.has(/[$\w]*$/.exec(text)?.[0] ?? '') ? 'regexp' : 'division';
}

function unclear(text: string): never {
  throw new EvaluationError('template-syntax', `a slash may begin a division or an expression: ${shown(text)}`);
}

function afterSlash(context: Context, text: string, i: number): Transition {
  if (text[i + 1] === '/') return [{ ...context, state: 'js-line-comment' }, i + 2];
  if (text[i + 1] === '*') return [{ ...context, state: 'js-block-comment' }, i + 2];
  if (context.slash === 'regexp') return [{ ...context, state: 'js-regexp' }, i + 1];
  if (context.slash === 'division') return [{ ...context, slash: 'regexp' }, i + 1];
  return unclear(text.slice(i));
}

function afterBrace(context: Context, brace: string, i: number): Transition {
  const slash = slashAfter(brace, context.slash);
  const open = context.braces.at(-1);
  if (open === undefined) return [{ ...context, slash }, i + 1];
  const outer = context.braces.slice(0, -1);
  if (brace === '{') return [{ ...context, slash, braces: [...outer, open + 1] }, i + 1];
  if (open > 0) return [{ ...context, slash, braces: [...outer, open - 1] }, i + 1];
  return [{ ...context, state: 'js-template', braces: outer }, i + 1];
}

const TEXTS: Readonly<Record<string, Context['state']>> = { '"': 'js-double', "'": 'js-single', '`': 'js-template' };

/** After a piece of JavaScript outside of texts: up to what changes the context. */
export function afterJs(context: Context, text: string): Transition {
  const i = text.search(/["'`/{}<\-#]/);
  if (i < 0) return [{ ...context, slash: slashAfter(text, context.slash) }, text.length];
  const here = { ...context, slash: slashAfter(text.slice(0, i), context.slash) };
  const character = text[i] as string;
  const state = TEXTS[character];
  if (state !== undefined) return [{ ...here, state, slash: 'regexp' }, i + 1];
  if (character === '/') return afterSlash(here, text, i);
  if (character === '{' || character === '}') return afterBrace(here, character, i);
  const comment = ['<!--', '-->', '#!'].find((start) => text.startsWith(start, i));
  return comment === undefined ? [here, i + 1] : [{ ...here, state: 'js-line-comment' }, i + comment.length];
}

function unfinished(text: string): never {
  throw new EvaluationError('template-syntax', `a text of JavaScript ends in an escape: ${shown(text)}`);
}

export function afterTemplateLiteral(context: Context, text: string): Transition {
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') {
      if (++i === text.length) unfinished(text);
    } else if (text.startsWith('${', i)) return [{ ...context, state: 'js', braces: [...context.braces, 0] }, i + 2];
    else if (text[i] === '`') return [{ ...context, state: 'js' }, i + 1];
  }
  return [context, text.length];
}

/** The length of a text between quotes or of an expression between slashes, with its end; undefined when it does not end. */
function textLength(text: string, end: string): number | undefined {
  let inSet = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '\\') {
      if (++i === text.length) unfinished(text);
    } else if (end === '/' && (character === '[' || character === ']')) inSet = character === '[';
    else if (end === '/' && /^<\/script$/i.test(text.slice(Math.max(0, i - 1), i + 7))) i++;
    else if (character === end && !inSet) return i + 1;
  }
  if (inSet)
    throw new EvaluationError('template-syntax', `an expression of JavaScript has an open bracket: ${shown(text)}`);
  return undefined;
}

/** In a text between quotes or in an expression between slashes. */
export function afterJsText(context: Context, text: string): Transition {
  const length = textLength(text, context.state === 'js-double' ? '"' : context.state === 'js-single' ? "'" : '/');
  return length === undefined ? [context, text.length] : [{ ...context, state: 'js', slash: 'division' }, length];
}
