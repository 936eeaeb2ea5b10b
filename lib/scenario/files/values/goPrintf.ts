import { boundedText, type PrintOptions, printValue } from './goPrint.js';
import { type GoValue, typeName } from './goValue.js';
import { type Directive, formatValue } from './goVerbs.js';

/** The greatest width and precision, as in Go. It also bounds what a template can print with one verb. */
const WIDEST = 1_000_000;

const DIRECTIVE = /%([-+# 0]*)(?:\[(\d+)\])?(\*|\d*)(?:(\.)(?:\[(\d+)\])?(\*|-?\d*))?(?:\[(\d+)\])?([\s\S]|$)/gu;

/** The arguments of a format, taken one after another, or by the number in brackets. */
class Arguments {
  #next = 0;
  #reordered = false;

  constructor(readonly values: readonly GoValue[]) {}

  goTo(number: string | undefined): void {
    if (number === undefined) return;
    this.#next = Number(number) - 1;
    this.#reordered = true;
  }

  get left(): boolean {
    return this.#next >= 0 && this.#next < this.values.length;
  }

  take(): GoValue {
    return this.values[this.#next++];
  }

  /** The arguments that no verb has used; none when a number was given. */
  get unused(): readonly GoValue[] {
    return this.#reordered ? [] : this.values.slice(this.#next);
  }
}

/** A width or a precision: a number, nothing, or what Go writes for an argument that cannot be one. */
interface Size {
  readonly number?: number;
  readonly problem?: string;
}

function sizeOf(text: string | undefined, given: Arguments, problem: string): Size {
  if (text !== '*') return text === undefined || text === '' ? {} : { number: Number(text) };
  const value = given.left ? given.take() : undefined;
  if (typeof value !== 'bigint' || value > WIDEST || value < -WIDEST) return { problem };
  return { number: Number(value) };
}

function directiveOf(flags: string, width: Size, precision: Size | undefined): Directive {
  const negative = (width.number ?? 0) < 0;
  const digits = precision === undefined || precision.problem !== undefined ? undefined : (precision.number ?? 0);
  return {
    minus: flags.includes('-') || negative,
    plus: flags.includes('+'),
    sharp: flags.includes('#'),
    space: flags.includes(' '),
    zero: flags.includes('0') && !flags.includes('-') && !negative,
    width: width.number === undefined ? undefined : Math.abs(width.number),
    precision: digits !== undefined && digits < 0 ? undefined : digits,
  };
}

/** What a verb writes, with the values that it takes. */
function written(match: RegExpExecArray, given: Arguments, options: PrintOptions): string {
  const [, flags = '', first, stars, dot, second, digits, third, verb = ''] = match;
  given.goTo(first);
  const width = sizeOf(stars, given, '%!(BADWIDTH)');
  given.goTo(second);
  const precision = dot === undefined ? undefined : sizeOf(digits, given, '%!(BADPREC)');
  given.goTo(third);
  const problems = (width.problem ?? '') + (precision?.problem ?? '');
  if (verb === '') return `${problems}%!(NOVERB)`;
  if (verb === '%') return `${problems}%`;
  const numbered = first !== undefined || second !== undefined || third !== undefined;
  if (!given.left) return `${problems}%!${verb}(${numbered ? 'BADINDEX' : 'MISSING'})`;
  const value = given.take();
  if ((width.number ?? 0) > WIDEST || (precision?.number ?? 0) > WIDEST) return `${problems}%!(BADWIDTH)`;
  // The plus of %+v is for fields of structs, and changes nothing here.
  const used = verb === 'v' ? flags.replaceAll('+', '') : flags;
  return problems + formatValue(value, verb, directiveOf(used, width, precision), options);
}

/**
 * A text as Go's `fmt.Sprintf` writes it. A verb that does not fit its argument writes what is wrong, such as `%!d(string=x)`; it
 * is no error.
 */
export function printFormat(format: string, values: readonly GoValue[], options: PrintOptions): string {
  const given = new Arguments(values);
  let text = '';
  let at = 0;
  for (const match of format.matchAll(DIRECTIVE)) {
    text = boundedText(text + format.slice(at, match.index) + written(match, given, options));
    at = match.index + match[0].length;
  }
  text += format.slice(at);
  const { unused } = given;
  if (unused.length === 0) return text;
  const extra = unused.map((value) =>
    value === null || value === undefined ? '<nil>' : `${typeName(value)}=${printValue(value, options)}`,
  );
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}
