import { FUNCTION_NAMES } from '../templates/builtins.js';
import type { ActionNode, Command, Operand } from '../templates/nodes.js';
import { parseTemplate } from '../templates/parser.js';
import { EvaluationError } from '../values/evaluationError.js';
import { FILE_FUNCTIONS } from '../values/functions.js';
import { access, type Conversion, keyOf, literal, NotConverted, templateText } from './code.js';

/** Code of a value in a scenario: of a constant, or of something that the session has. */
export interface Value {
  readonly code: string;
  /** True when it reads `vars`, the variables of the session. */
  readonly fromSession: boolean;
}

/** The rows of a source: the code of a column is the name of a variable. */
export interface Row {
  readonly columns: readonly string[];
}

/** What a name in a scenario file stands for in the code. */
export type Known = Value | Row;

/** Finds what a chain of names stands for, such as `request`, `auth`, `postprocessor`, `token`. @throws NotConverted */
export type Resolve = (names: readonly string[]) => Value;

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-';

const whole = (value: unknown): number => {
  const number = Number(value);
  if (/^[+-]?\d+$/.test(String(value)) && Number.isSafeInteger(number)) return number;
  throw new NotConverted('an argument of a function is no whole number that is written in the file');
};

/**
 * The code of a call of a function of scenario files, whose random numbers come from `random`.
 *
 * @throws NotConverted for a call that fails in every run.
 */
export function callCode(name: string, args: readonly unknown[], conversion: Conversion): string {
  if (name === 'uuid') {
    conversion.usesUuid = true;
    return 'randomUUID()';
  }
  const [first = 0, second] = args;
  if (name === 'randInt') {
    const [a, b] = [whole(first), second === undefined ? 0 : whole(second)];
    const [low, high] = a === 0 && b === 0 ? [0, 10] : [Math.min(a, b), Math.max(a, b)];
    if (low === high) throw new NotConverted('randInt has equal bounds, which fails in every run');
    const drawn = `Math.floor(random() * ${high - low})`;
    return `String(${low === 0 ? drawn : `${low} + ${drawn}`})`;
  }
  const length = whole(first) === 0 ? 1 : whole(first);
  if (length < 0) throw new NotConverted('randString has a negative length, which fails in every run');
  const letters = second === undefined || second === '' ? LETTERS : String(second);
  const letter = `[...${literal(letters)}][Math.floor(random() * ${[...letters].length})]`;
  return `Array.from({ length: ${length} }, () => ${letter}).join('')`;
}

/** Makes a variable of a call before the step, and returns its code. */
export type MakeVariable = (code: string) => Value;

function constantOf(operand: Operand): unknown {
  if (operand.kind === 'constant') return operand.value;
  throw new NotConverted('an argument of a function is no constant');
}

function commandValue({ head, args }: Command, resolve: Resolve, make: MakeVariable, conversion: Conversion): Value {
  if (head.kind === 'field' && args.length === 0) return resolve(head.names);
  if (head.kind === 'constant' && args.length === 0) {
    return { code: literal(String(head.value)), fromSession: false };
  }
  if (head.kind === 'function' && FILE_FUNCTIONS.has(head.name)) {
    return make(callCode(head.name, args.map(constantOf), conversion));
  }
  if (head.kind === 'function' && head.name === 'index' && args[0]?.kind === 'field') {
    return resolve([...args[0].names, ...args.slice(1).map((arg) => String(constantOf(arg)))]);
  }
  throw new NotConverted(head.kind === 'function' ? `the function ${head.name}` : 'an expression of templates');
}

function actionValue({ pipe }: ActionNode, ...rest: [Resolve, MakeVariable, Conversion]): Value {
  const [command, second] = pipe.commands;
  if (pipe.variables.length > 0) throw new NotConverted('a variable in a template');
  if (command === undefined || second !== undefined) throw new NotConverted('a pipeline in a template');
  return commandValue(command, ...rest);
}

/**
 * The code of a template: text with the values of variables in it.
 *
 * @param make For calls of functions.
 * @throws NotConverted for what is more than values in text.
 */
export function templateCode(text: string, resolve: Resolve, make: MakeVariable, conversion: Conversion): Value {
  let parsed: ReturnType<typeof parseTemplate>;
  try {
    parsed = parseTemplate(text, FUNCTION_NAMES);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new NotConverted(`the template cannot be used: ${error.message}`);
  }
  let fromSession = false;
  let dynamic = false;
  let constant = '';
  const parts = parsed.nodes.map((node): string => {
    if (node.kind === 'text') {
      constant += node.text;
      return templateText(node.text);
    }
    if (node.kind !== 'action') throw new NotConverted(`{{${node.kind}}} in a template`);
    const value = actionValue(node, resolve, make, conversion);
    fromSession ||= value.fromSession;
    dynamic = true;
    return `\${${value.code}}`;
  });
  if (!dynamic) return { code: literal(constant), fromSession };
  return { code: `\`${parts.join('')}\``, fromSession };
}

/** The code of a part of a request: a value, or a function of the session's variables. */
export function partCode({ code, fromSession }: Value): string {
  return fromSession ? `(vars) => ${code.startsWith('{') ? `(${code})` : code}` : code;
}

/** The code of a map of values. */
export function mapCode(values: readonly (readonly [name: string, value: Value])[]): Value {
  const code = `{ ${values.map(([name, value]) => `${keyOf(name)}: ${value.code}`).join(', ')} }`;
  return { code, fromSession: values.some(([, value]) => value.fromSession) };
}

/** The code of a variable of the session. */
export const variable = (name: string): Value => ({ code: access('vars', name), fromSession: true });
