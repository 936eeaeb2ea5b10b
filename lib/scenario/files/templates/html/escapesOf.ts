import { EvaluationError } from '../../values/evaluationError.js';
import type { Command, Pipeline } from '../nodes.js';
import { type Context, isComment } from './context.js';
import type { EscaperName } from './escapers.js';

/** How an action is escaped. */
export interface ActionEscapes {
  readonly escapers: readonly EscaperName[];
  readonly pipe: Pipeline;
  readonly after: Context;
}

function urlEscapers({ state, urlPart }: Context): EscaperName[] {
  if (urlPart === 'unknown')
    throw new EvaluationError('template-syntax', 'the value may be in the path or in the query of a URL');
  if (urlPart === 'query') return ['urlEscape'];
  const inText = state === 'css-double' || state === 'css-single';
  return [...(urlPart === 'none' ? (['urlFilter'] as const) : []), inText ? 'css' : 'urlNormalize'];
}

function stateEscapers(context: Context): EscaperName[] {
  switch (context.state) {
    case 'url':
    case 'css-double':
    case 'css-single':
    case 'css-double-url':
    case 'css-single-url':
    case 'css-url':
      return urlEscapers(context);
    case 'meta-url':
      return ['urlFilter'];
    case 'js':
      return ['jsValue'];
    case 'js-double':
    case 'js-single':
      return ['jsText'];
    case 'js-template':
      return ['jsTemplate'];
    case 'js-regexp':
      return ['jsRegexp'];
    case 'css':
      return ['cssValue'];
    case 'text':
    case 'rcdata':
      return ['html'];
    case 'attr-name':
      return ['name'];
    case 'srcset':
      return ['srcset'];
    default:
      return isComment(context) ? ['comment'] : [];
  }
}

/** Functions of templates that escape, and the escapers of contexts that do the same. */
const SAME: Readonly<Record<string, { readonly by: EscaperName; readonly replaces: readonly EscaperName[] }>> = {
  html: { by: 'htmlFunction', replaces: ['html'] },
  urlquery: { by: 'queryFunction', replaces: ['urlEscape', 'urlNormalize'] },
};

const functionOf = ({ head }: Command): string => (head.kind === 'function' ? head.name : '');

/** @throws EvaluationError for `html` or `urlquery` where its result would be escaped again. */
function requireLast({ state, delim }: Context, { commands }: Pipeline): void {
  const wrong = commands.some((command, i) => {
    const name = functionOf(command);
    if (SAME[name] === undefined) return false;
    return i < commands.length - 1 || (state === 'attr' && delim === ' ' && name === 'html');
  });
  if (wrong)
    throw new EvaluationError('template-syntax', 'html and urlquery are possible only at the end of an action');
}

/** The escapers of an action in a context, and the context after it. */
export function escapesOf(context: Context, pipe: Pipeline): ActionEscapes {
  requireLast(context, pipe);
  const escapers: EscaperName[] = stateEscapers(context);
  if (context.delim === ' ') escapers.push('noSpace');
  else if (context.delim !== '') escapers.push('html');
  const after: Context = context.state === 'js' ? { ...context, slash: 'division' } : context;
  const last = pipe.commands.at(-1) as Command;
  const same = SAME[functionOf(last)];
  if (same === undefined) return { escapers, pipe, after };
  const replaced = escapers.map((each) => (same.replaces.includes(each) ? same.by : each));
  if (!replaced.includes(same.by)) return { escapers, pipe, after };
  return { escapers: replaced, pipe: withoutLast(pipe, last), after };
}

/** The pipeline without the function at its end, which an escaper stands for. */
function withoutLast(pipe: Pipeline, last: Command): Pipeline {
  const commands = pipe.commands.slice(0, -1);
  if (commands.length > 0) return { ...pipe, commands };
  return { ...pipe, commands: [{ ...last, head: { kind: 'function', at: last.at, name: 'printArguments' } }] };
}
