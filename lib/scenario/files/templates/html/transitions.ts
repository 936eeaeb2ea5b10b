import { EvaluationError } from '../../values/evaluationError.js';
import { shown } from '../../values/goValue.js';
import { attributeKind } from './attributes.js';
import { at, CONTENT_STATES, type Context, isComment, isScriptLiteral, VALUE_STATES } from './context.js';
import { afterCss, afterCssText } from './cssTransitions.js';
import { afterJs, afterJsText, afterTemplateLiteral } from './jsTransitions.js';

/** The context after a piece of text, and the length of the piece. */
export type Transition = readonly [context: Context, length: number];

export function badHtml(reason: string): never {
  throw new EvaluationError('template-syntax', reason);
}

const ELEMENTS = new Set(['script', 'style', 'textarea', 'title', 'meta']);
const TAG_NAME = /^[A-Za-z](?:[A-Za-z\d]|[:-][A-Za-z\d])*/;
const BLANKS = /^[ \t\n\f\r]*/;

const blanks = (text: string): number => BLANKS.exec(text)?.[0].length ?? 0;

function afterText(context: Context, text: string): Transition {
  for (let open = text.indexOf('<'); open >= 0 && open + 1 < text.length; open = text.indexOf('<', open + 1)) {
    if (text.startsWith('<!--', open)) return [at('comment'), open + 4];
    const closes = text[open + 1] === '/';
    const start = open + (closes ? 2 : 1);
    const name = TAG_NAME.exec(text.slice(start, start + 256))?.[0];
    if (name === undefined) continue;
    const lower = name.toLowerCase();
    const element = !closes && ELEMENTS.has(lower) ? (lower as Context['element']) : '';
    return [at('tag', element), start + name.length];
  }
  return [context, text.length];
}

/** The length of the name of an attribute at the start of a text. */
function attributeName(text: string): number {
  const end = /[ \t\n\f\r=>'"<]/.exec(text)?.index ?? text.length;
  const stop = text[end];
  if (stop === "'" || stop === '"' || stop === '<')
    badHtml(`${shown(stop)} in the name of an attribute: ${shown(text)}`);
  return end;
}

function afterTag(context: Context, text: string): Transition {
  const start = blanks(text);
  if (start === text.length) return [context, text.length];
  if (text[start] === '>') {
    const element = context.element === 'meta' ? '' : context.element;
    return [at(CONTENT_STATES[element], element), start + 1];
  }
  const length = attributeName(text.slice(start));
  if (length === 0)
    badHtml(`expected a space, the name of an attribute or the end of a tag: ${shown(text.slice(start))}`);
  const end = start + length;
  const attr = attributeKind(text.slice(start, end).toLowerCase(), context.element);
  return [at(end === text.length ? 'attr-name' : 'after-name', context.element, attr), end];
}

function afterAttributeName(context: Context, text: string): Transition {
  const end = attributeName(text);
  return [end === text.length ? context : { ...context, state: 'after-name' }, end];
}

function afterName(context: Context, text: string): Transition {
  const start = blanks(text);
  if (start === text.length) return [context, start];
  return text[start] === '='
    ? [{ ...context, state: 'before-value' }, start + 1]
    : [{ ...context, state: 'tag' }, start];
}

function beforeValue(context: Context, text: string): Transition {
  const start = blanks(text);
  const quote = text[start];
  if (quote === undefined) return [context, start];
  const state = VALUE_STATES[context.attr];
  return quote === '"' || quote === "'"
    ? [{ ...context, state, delim: quote }, start + 1]
    : [{ ...context, state, delim: ' ' }, start];
}

/** The part of a URL after a piece of it. */
export function afterUrl(context: Context, text: string): Context {
  if (/[#?]/.test(text)) return { ...context, urlPart: 'query' };
  return context.urlPart === 'none' && blanks(text) !== text.length ? { ...context, urlPart: 'path' } : context;
}

function metaContent(context: Context, text: string): Transition {
  const url = /url[ \t\n\f\r]*=/i.exec(text);
  return url === null ? [context, text.length] : [{ ...context, state: 'meta-url' }, url.index + url[0].length];
}

function untilText(text: string, end: string, then: Context, otherwise: Context): Transition {
  const found = text.indexOf(end);
  return found < 0 ? [otherwise, text.length] : [then, found + end.length];
}

function afterLineComment(context: Context, text: string): Transition {
  const css = context.state === 'css-line-comment';
  const end = (css ? /[\n\f\r]/ : /[\n\r\u2028\u2029]/).exec(text)?.index;
  return end === undefined ? [context, text.length] : [{ ...context, state: css ? 'css' : 'js' }, end];
}

/** The context after the beginning of a text in that context. */
export function transition(context: Context, text: string): Transition {
  switch (context.state) {
    case 'text':
      return afterText(context, text);
    case 'tag':
      return afterTag(context, text);
    case 'attr-name':
      return afterAttributeName(context, text);
    case 'after-name':
      return afterName(context, text);
    case 'before-value':
      return beforeValue(context, text);
    case 'comment':
      return untilText(text, '-->', at('text'), context);
    case 'url':
    case 'srcset':
      return [afterUrl(context, text), text.length];
    case 'meta-content':
      return metaContent(context, text);
    case 'meta-url':
      return untilText(text, ';', { ...context, state: 'meta-content' }, context);
    case 'js':
      return afterJs(context, text);
    case 'js-template':
      return afterTemplateLiteral(context, text);
    case 'js-double':
    case 'js-single':
    case 'js-regexp':
      return afterJsText(context, text);
    case 'js-block-comment':
      return untilText(text, '*/', { ...context, state: 'js' }, context);
    case 'css-block-comment':
      return untilText(text, '*/', { ...context, state: 'css' }, context);
    case 'js-line-comment':
    case 'css-line-comment':
      return afterLineComment(context, text);
    case 'css':
      return afterCss(context, text);
    case 'css-double':
    case 'css-single':
    case 'css-double-url':
    case 'css-single-url':
    case 'css-url':
      return afterCssText(context, text);
    default:
      return [context, text.length];
  }
}

/** Where an element such as a script ends in a text; -1 when it does not. */
function endOfElement(context: Context, text: string): number {
  const { element } = context;
  if (element === '' || (element === 'script' && (isScriptLiteral(context) || isComment(context)))) return -1;
  return new RegExp(`</${element === 'meta' ? '' : element}(?=[> \\t\\n\\f/])`, 'i').exec(text)?.index ?? -1;
}

const JS_TYPE =
  /^(?:|module|application\/(?:ecmascript|javascript|json|ld\+json|x-ecmascript|x-javascript)|text\/(?:ecmascript|javascript(?:1\.[0-5])?|jscript|livescript|x-ecmascript|x-javascript))$/;
const isScriptType = (type: string): boolean => JS_TYPE.test((type.split(';', 1)[0] as string).toLowerCase().trim());

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescapeHtml = (text: string): string =>
  text.replaceAll(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g, (all, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] as string;
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });

/** In the value of an attribute: up to its end, or the whole text. */
function inValue(context: Context, text: string): Transition {
  const end = (context.delim === ' ' ? /[ \t\n\f\r>]/ : context.delim === '"' ? /"/ : /'/).exec(text)?.index;
  const value = text.slice(0, end);
  const bad = context.delim === ' ' ? /["'<=`]/.exec(value)?.[0] : undefined;
  if (bad !== undefined) badHtml(`${shown(bad)} in a value without quotes: ${shown(value)}`);
  if (end === undefined) {
    let next = context;
    for (let rest = unescapeHtml(text); rest !== ''; ) {
      const [after, length] = transition(next, rest);
      next = after;
      rest = rest.slice(length);
    }
    return [next, text.length];
  }
  const noScript = context.state === 'attr' && context.attr === 'script-type' && !isScriptType(value);
  const element = context.element === 'script' && noScript ? '' : context.element;
  return [at('tag', element), end + (context.delim === ' ' ? 0 : 1)];
}

/** The context after the next piece of a template's text. */
export function nextContext(context: Context, text: string): Transition {
  if (context.delim !== '') return inValue(context, text);
  const end = endOfElement(context, text);
  if (end === 0) return [at('text'), 0];
  return transition(context, end < 0 ? text : text.slice(0, end));
}
