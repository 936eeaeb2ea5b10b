/** Where in HTML a template is. */
export type State =
  | 'text'
  | 'tag'
  | 'attr-name'
  | 'after-name'
  | 'before-value'
  | 'comment'
  | 'rcdata'
  | 'attr'
  | 'url'
  | 'srcset'
  | 'meta-content'
  | 'meta-url'
  | 'js'
  | 'js-double'
  | 'js-single'
  | 'js-template'
  | 'js-regexp'
  | 'js-block-comment'
  | 'js-line-comment'
  | 'css'
  | 'css-double'
  | 'css-single'
  | 'css-double-url'
  | 'css-single-url'
  | 'css-url'
  | 'css-block-comment'
  | 'css-line-comment'
  /** After `break` or `continue`: nothing follows. */
  | 'dead';

/** The context of a place in HTML: it decides how a value is escaped there. */
export interface Context {
  readonly state: State;
  /** What ends the value of the attribute that it is in; empty outside of values. */
  readonly delim: '' | '"' | "'" | ' ';
  readonly urlPart: 'none' | 'path' | 'query' | 'unknown';
  /** What a slash means in JavaScript. */
  readonly slash: 'regexp' | 'division' | 'unknown';
  /** Open braces in each `${` of template literals. */
  readonly braces: readonly number[];
  readonly attr: 'none' | 'script' | 'script-type' | 'style' | 'url' | 'srcset' | 'meta-content';
  readonly element: '' | 'script' | 'style' | 'textarea' | 'title' | 'meta';
}

export const START: Context = {
  state: 'text',
  delim: '',
  urlPart: 'none',
  slash: 'regexp',
  braces: [],
  attr: 'none',
  element: '',
};

/** A context in another state, without what belongs to the old one. */
export const at = (state: State, element: Context['element'] = '', attr: Context['attr'] = 'none'): Context => ({
  ...START,
  state,
  element,
  attr,
});

export const keyOf = (context: Context): string =>
  [
    context.state,
    context.delim,
    context.urlPart,
    context.slash,
    context.braces.join(),
    context.attr,
    context.element,
  ].join(' ');

export const sameContext = (a: Context, b: Context): boolean => keyOf(a) === keyOf(b);

const COMMENTS = new Set<State>([
  'comment',
  'js-block-comment',
  'js-line-comment',
  'css-block-comment',
  'css-line-comment',
]);
export const isComment = ({ state }: Context): boolean => COMMENTS.has(state);

const LITERALS = new Set<State>(['js-double', 'js-single', 'js-template', 'js-regexp']);
/** In a text or an expression of a script, where tags have no meaning. */
export const isScriptLiteral = ({ state }: Context): boolean => LITERALS.has(state);

/** The state in which the value of an attribute begins. */
export const VALUE_STATES: Readonly<Record<Context['attr'], State>> = {
  none: 'attr',
  script: 'js',
  'script-type': 'attr',
  style: 'css',
  url: 'url',
  srcset: 'srcset',
  'meta-content': 'meta-content',
};

/** The state of what is in an element. */
export const CONTENT_STATES: Readonly<Record<Context['element'], State>> = {
  '': 'text',
  script: 'js',
  style: 'css',
  textarea: 'rcdata',
  title: 'rcdata',
  meta: 'text',
};

/** The context in which a value is inserted: in a tag it is a name, after `=` a value without quotes. */
export function nudged(context: Context): Context {
  switch (context.state) {
    case 'tag':
      return { ...context, state: 'attr-name' };
    case 'before-value':
      return { ...context, state: VALUE_STATES[context.attr], delim: ' ', attr: 'none' };
    case 'after-name':
      return { ...context, state: 'attr-name', attr: 'none' };
    default:
      return context;
  }
}

/** The context after two branches; undefined when they end in contexts that cannot be joined. */
export function joined(a: Context, b: Context): Context | undefined {
  if (a.state === 'dead') return b;
  if (b.state === 'dead' || sameContext(a, b)) return a;
  if (sameContext({ ...a, urlPart: b.urlPart }, b)) return { ...a, urlPart: 'unknown' };
  if (sameContext({ ...a, slash: b.slash }, b)) return { ...a, slash: 'unknown' };
  const [c, d] = [nudged(a), nudged(b)];
  return sameContext(c, a) && sameContext(d, b) ? undefined : joined(c, d);
}
