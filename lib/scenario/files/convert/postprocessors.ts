import type { HttpPostprocessor } from '../model.js';
import { type Conversion, literal, NotConverted } from './code.js';

/** Characters that mean something else in an expression. */
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;

/** Paths of which the first match is all that there is. */
const ONE_VALUE = /^(?:\$|\$?(?:\.?[A-Za-z_]\w*|\[\d+\]|\["[^"\]]+"\])+)$/;

/**
 * The code of an extractor.
 *
 * @throws NotConverted for an expression that the extractors of code read in another way.
 */
export function extractorCode(type: HttpPostprocessor['type'], expression: string, conversion: Conversion): string {
  if (type === 'var/xpath') return `${conversion.use('xpath')}(${literal(expression)})`;
  if (type === 'var/header') {
    if (expression.includes('|')) throw new NotConverted('modifiers of a header: write a function of the response');
    // A header that is missing sets no variable, and that is printed so.
    return `${conversion.use('orElse')}(${conversion.use('header')}(${literal(expression)}), '<no value>')`;
  }
  if (!ONE_VALUE.test(expression)) {
    throw new NotConverted('a JSONPath that may select several values: use jsonAll, or a function of the response');
  }
  const path = expression.startsWith('$') ? expression : `$.${expression}`;
  return `${conversion.use('jsonPath')}(${literal(path)})`;
}

const OPERATORS = { eq: 'min: N, max: N', lt: 'max: N', gt: 'min: N' } as const;

/** The tests of an assertion, in the order in which Pandora makes them. */
export function checksCode(
  { body, headers, statusCode, size }: Extract<HttpPostprocessor, { type: 'assert/response' }>,
  conversion: Conversion,
): readonly string[] {
  const test = (name: string, code: string): string => `${literal(name)}: ${code}`;
  return [
    ...body.map((text) => test(`body has ${text}`, `${conversion.use('bodyHas')}(${literal(text)})`)),
    ...Object.entries(headers).map(([name, text]) => {
      const pattern = text.replaceAll(SPECIAL, '\\$&');
      return test(`${name} has ${text}`, `${conversion.use('headerIs')}(${literal(name)}, /${pattern}/)`);
    }),
    ...(statusCode === 0 ? [] : [test(`status ${statusCode}`, `${conversion.use('status')}(${statusCode})`)]),
    ...(size === undefined
      ? []
      : [
          test(
            `size ${size.op} ${size.val}`,
            `${conversion.use('size')}({ ${OPERATORS[size.op].replaceAll('N', String(size.val))} })`,
          ),
        ]),
  ];
}
