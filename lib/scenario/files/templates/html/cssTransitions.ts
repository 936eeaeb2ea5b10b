import { EvaluationError } from '../../values/evaluationError.js';
import { shown } from '../../values/goValue.js';
import type { Context } from './context.js';

type Transition = readonly [context: Context, length: number];

const BLANKS = '[\\t\\n\\f\\r ]*';
const URL_CALL = new RegExp(`(?:^|[^-\\w\\u0080-\\uffff])url${BLANKS}$`, 'i');

/** After a piece of CSS outside of texts: up to what changes the context. */
export function afterCss(context: Context, text: string): Transition {
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') return [{ ...context, state: 'css-double' }, i + 1];
    if (character === "'") return [{ ...context, state: 'css-single' }, i + 1];
    if (character === '/' && text[i + 1] === '/') return [{ ...context, state: 'css-line-comment' }, i + 2];
    if (character === '/' && text[i + 1] === '*') return [{ ...context, state: 'css-block-comment' }, i + 2];
    if (character !== '(' || !URL_CALL.test(text.slice(0, i))) continue;
    const start = i + 1 + (new RegExp(`^${BLANKS}`).exec(text.slice(i + 1))?.[0].length ?? 0);
    if (text[start] === '"') return [{ ...context, state: 'css-double-url' }, start + 1];
    if (text[start] === "'") return [{ ...context, state: 'css-single-url' }, start + 1];
    return [{ ...context, state: 'css-url' }, start];
  }
  return [context, text.length];
}

/** A text of CSS with its escapes replaced. */
export const decodeCss = (text: string): string =>
  text.replaceAll(/\\(?:([\da-fA-F]{1,6})(?:\r\n|[\t\n\f\r ])?|([\s\S])|$)/gu, (_all, hex?: string, character = '') => {
    if (hex === undefined) return character;
    const code = Number.parseInt(hex, 16);
    return String.fromCodePoint(code > 0x10ffff ? 0xfffd : code);
  });

const ENDS: Readonly<Record<string, RegExp>> = {
  'css-double': /["\\]/g,
  'css-double-url': /["\\]/g,
  'css-single': /['\\]/g,
  'css-single-url': /['\\]/g,
  'css-url': /[\\\t\n\f\r )]/g,
};

function partAfter(context: Context, text: string): Context {
  if (/[#?]/.test(text)) return { ...context, urlPart: 'query' };
  return context.urlPart === 'none' && text.trim() !== '' ? { ...context, urlPart: 'path' } : context;
}

/** In a text of CSS, which may be a URL. */
export function afterCssText(context: Context, text: string): Transition {
  const end = new RegExp(ENDS[context.state] as RegExp);
  let here = context;
  for (let found = end.exec(text); found !== null; found = end.exec(text)) {
    if (found[0] !== '\\') return [{ ...here, state: 'css' }, found.index + 1];
    if (found.index + 1 === text.length)
      throw new EvaluationError('template-syntax', `a text of CSS ends in an escape: ${shown(text)}`);
    end.lastIndex = found.index + 2;
    here = partAfter(here, decodeCss(text.slice(0, found.index + 2)));
  }
  return [partAfter(here, decodeCss(text)), text.length];
}
