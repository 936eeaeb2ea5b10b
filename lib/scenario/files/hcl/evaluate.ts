import { closest } from '../../../codec/closest.js';
import { callFunction } from './functions.js';
import {
  type Access,
  type Binary,
  type Call,
  type Expression,
  type For,
  HclError,
  type Span,
  type Splat,
  type TemplatePart,
  type Unary,
} from './syntax.js';
import {
  areEqual,
  flagIn,
  type HclEntry,
  type HclMap,
  type HclValue,
  kindOf,
  listValue,
  mapValue,
  numberIn,
  scalarValue,
  sortedEntries,
  textOf,
} from './value.js';

/** The most steps that all expressions of a file may take. */
const MAX_STEPS = 1_000_000;
/** The most characters of all texts that are put together. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** The variables that an expression sees: `local`, and the names of the `for` expressions around it. */
type Scope = ReadonlyMap<string, HclValue>;

/**
 * Computes the values of expressions. All expressions of a file share one, because it bounds the work of all of them together: text that
 * doubles from one local to the next ends as an error, not as a full memory.
 */
export class Evaluator {
  /** True when the expressions have used up what they may. Nothing more has a value then. */
  exhausted = false;
  #steps = 0;
  #characters = 0;

  /** The value of an expression. @throws HclError for what has none. */
  valueOf(expression: Expression, scope: Scope): HclValue {
    this.spend(1, expression.span);
    switch (expression.kind) {
      case 'literal':
        return scalarValue(expression.value, expression.span);
      case 'template':
        return this.#template(expression.parts, expression.span, scope);
      case 'variable':
        return variable(expression.name, expression.span, scope);
      case 'item':
        return scope.get(ITEM) as HclValue;
      case 'access':
        return this.#access(expression, scope);
      case 'splat':
        return this.#splat(expression, scope);
      case 'call': {
        const given = this.#arguments(expression, scope);
        for (const { size } of given) this.spend(size, expression.span);
        return callFunction(expression.name, given, expression.span);
      }
      case 'unary':
        return this.#unary(expression, scope);
      case 'binary':
        return this.#binary(expression, scope);
      case 'conditional':
        return this.valueOf(this.#holds(expression.condition, scope) ? expression.yes : expression.no, scope);
      case 'list':
        return listValue(
          expression.items.map((each) => this.valueOf(each, scope)),
          expression.span,
        );
      case 'object': {
        const entries = expression.entries.map(([key, value]): [string, HclEntry] => [
          this.#text(key, scope),
          { keyAt: key.span, value: this.valueOf(value, scope) },
        ]);
        return mapValue(new Map(entries), expression.span);
      }
      default:
        return this.#for(expression, scope);
    }
  }

  /** Counts work that grows with the values. @throws HclError for more than a million steps in a file. */
  spend(steps: number, span: Span): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) {
      this.exhausted = true;
      const hint = 'a scenario file is not meant for data: use a variable source';
      throw new HclError(span, `the expressions of this file take more than ${MAX_STEPS} steps`, hint);
    }
  }

  #arguments({ args, expanded }: Call, scope: Scope): readonly HclValue[] {
    const given = args.map((each) => this.valueOf(each, scope));
    const last = given.at(-1);
    if (!expanded || last === undefined) return given;
    if (last.type !== 'list') throw new HclError(last.at, `expected a list before ..., got ${kindOf(last)}`);
    return [...given.slice(0, -1), ...last.value];
  }

  #text(expression: Expression, scope: Scope): string {
    const value = this.valueOf(expression, scope);
    const text = textOf(value);
    if (text !== undefined) return text;
    throw new HclError(expression.span, `expected text here, got ${kindOf(value)}`);
  }

  #number(expression: Expression, scope: Scope): number {
    const value = this.valueOf(expression, scope);
    const number = numberIn(value);
    if (number !== undefined) return Number(number);
    throw new HclError(expression.span, `expected a number here, got ${kindOf(value)}`);
  }

  #holds(expression: Expression, scope: Scope): boolean {
    const value = this.valueOf(expression, scope);
    const flag = flagIn(value);
    if (flag !== undefined) return flag;
    throw new HclError(expression.span, `expected true or false here, got ${kindOf(value)}`);
  }

  /** A template that is one value alone is that value, of any type. */
  #template(parts: readonly TemplatePart[], span: Span, scope: Scope): HclValue {
    const [only] = parts;
    const single = parts.length === 1 && typeof only === 'object' && only.kind !== 'if' && only.kind !== 'each';
    return single ? this.valueOf(only, scope) : scalarValue(this.#joined(parts, scope, span), span);
  }

  #joined(parts: readonly TemplatePart[], scope: Scope, span: Span): string {
    let joined = '';
    for (const part of parts) {
      if (typeof part === 'string') joined += this.#counted(part, span);
      else if (part.kind === 'if')
        joined += this.#joined(this.#holds(part.condition, scope) ? part.yes : part.no, scope, span);
      else if (part.kind === 'each') {
        for (const inner of this.#scopes(part, scope)) joined += this.#joined(part.parts, inner, span);
      } else joined += this.#counted(this.#text(part, scope), span);
    }
    return joined;
  }

  #counted(text: string, span: Span): string {
    this.#characters += text.length;
    if (this.#characters <= MAX_CHARACTERS) return text;
    this.exhausted = true;
    throw new HclError(span, `the texts of this file are longer than ${MAX_CHARACTERS} characters`);
  }

  #access({ of, key, span }: Access, scope: Scope): HclValue {
    const value = this.valueOf(of, scope);
    if (value.type === 'map') {
      const name = this.#text(key, scope);
      const found = value.value.get(name);
      if (found !== undefined) return found.value;
      throw missing(name, key.span, of, value);
    }
    if (value.type !== 'list') {
      throw new HclError(span, `expected a list or a map before this, got ${kindOf(value)}`);
    }
    const i = this.#number(key, scope);
    const item = value.value[i];
    if (item !== undefined) return item;
    throw new HclError(key.span, `there is no item ${i} in a list of ${value.value.length}`);
  }

  #splat({ of, rest, span }: Splat, scope: Scope): HclValue {
    const value = this.valueOf(of, scope);
    const items = value.type === 'list' ? value.value : value.type === 'null' ? [] : [value];
    const each = items.map((item) => this.valueOf(rest, new Map([...scope, [ITEM, item]])));
    return listValue(each, span);
  }

  #unary({ operator, operand, span }: Unary, scope: Scope): HclValue {
    return scalarValue(operator === '!' ? !this.#holds(operand, scope) : -this.#number(operand, scope), span);
  }

  #binary({ operator, left, right, span }: Binary, scope: Scope): HclValue {
    if (operator === '&&' || operator === '||') {
      const [a, b] = [this.#holds(left, scope), this.#holds(right, scope)];
      return scalarValue(operator === '&&' ? a && b : a || b, span);
    }
    if (operator === '==' || operator === '!=') {
      const [a, b] = [this.valueOf(left, scope), this.valueOf(right, scope)];
      this.spend(a.size, span);
      const equal = areEqual(a, b);
      return scalarValue(equal === (operator === '=='), span);
    }
    const result = OPERATIONS[operator](this.#number(left, scope), this.#number(right, scope));
    if (typeof result === 'boolean' || Number.isFinite(result)) return scalarValue(result, span);
    throw new HclError(span, 'this has no value: it divides by zero, or is too large');
  }

  /** The scopes of the turns of a `for`: its names are the key and the item, or the item alone. */
  *#scopes({ names, source }: Pick<For, 'names' | 'source'>, scope: Scope): Generator<Scope> {
    const value = this.valueOf(source, scope);
    if (value.type !== 'list' && value.type !== 'map') {
      throw new HclError(source.span, `expected a list or a map after in, got ${kindOf(value)}`);
    }
    const turns: readonly (readonly [HclValue, HclValue])[] =
      value.type === 'list'
        ? value.value.map((item, i) => [scalarValue(i, item.at), item])
        : sortedEntries(value).map(([key, entry]) => [scalarValue(key, entry.keyAt), entry.value]);
    for (const [key, item] of turns) {
      this.spend(1, source.span);
      const [first = '', second] = names;
      yield new Map([
        ...scope,
        ...(second === undefined ? [[first, item] as const] : [[first, key] as const, [second, item] as const]),
      ]);
    }
  }

  #for(expression: For, scope: Scope): HclValue {
    const { key, item, condition, grouped, span } = expression;
    const items: HclValue[] = [];
    const entries = new Map<string, HclEntry & { readonly all: HclValue[] }>();
    for (const inner of this.#scopes(expression, scope)) {
      if (condition !== undefined && !this.#holds(condition, inner)) continue;
      const name = key === undefined ? undefined : this.#text(key, inner);
      const value = this.valueOf(item, inner);
      items.push(value);
      if (name === undefined || key === undefined) continue;
      const before = entries.get(name);
      if (before === undefined) entries.set(name, { keyAt: key.span, value, all: [value] });
      else if (grouped) before.all.push(value);
      else
        throw new HclError(
          key.span,
          `two items have the key ${JSON.stringify(name)}`,
          'write ... after the value to group them',
        );
    }
    if (key === undefined) return listValue(items, span);
    const made = [...entries].map(([name, { keyAt, value, all }]): [string, HclEntry] => [
      name,
      { keyAt, value: grouped ? listValue(all, span) : value },
    ]);
    return mapValue(new Map(made), span);
  }
}

/** The item of a splat, under a name that none can be written as. */
const ITEM = '*';

const OPERATIONS: Readonly<
  Record<Exclude<Binary['operator'], '||' | '&&' | '==' | '!='>, (a: number, b: number) => number | boolean>
> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

function variable(name: string, span: Span, scope: Scope): HclValue {
  const found = scope.get(name);
  if (found !== undefined) return found;
  const near = closest(name, [...scope.keys()]);
  const hint =
    near === undefined ? 'text is written in double quotes; locals are read as local.name' : `did you mean ${near}?`;
  throw new HclError(span, `there is no variable ${name}`, hint);
}

function missing(name: string, span: Span, of: Expression, { value }: HclMap): HclError {
  const near = closest(name, [...value.keys()]);
  if (of.kind === 'variable' && of.name === 'local') {
    const hint =
      near === undefined ? 'a block of locals sees the blocks above it, not its own names' : `did you mean ${near}?`;
    return new HclError(span, `there is no local ${name} in a block above`, hint);
  }
  return new HclError(
    span,
    `there is no key ${JSON.stringify(name)} in this map`,
    near === undefined ? undefined : `did you mean ${near}?`,
  );
}
