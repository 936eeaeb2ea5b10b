import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hclDocument } from '../../../../../lib/scenario/files/hcl/hclDocument.js';

/** The value of an expression as HCL in a body, which turns single values into text, or the message of what is wrong. */
function evaluated(expression: string, locals = ''): unknown {
  const text = `${locals}\nvariable_source "v" "variables" {\n  variables = { x = ${expression} }\n}\n`;
  const { written, issues } = hclDocument('x.hcl', text);
  const [issue] = issues;
  if (issue !== undefined) return `! ${issue.message}`;
  return (written as { variable_sources: { variables: { x: unknown } }[] }).variable_sources[0]?.variables.x;
}

const EOF = '\n';

describe('expressions of HCL', () => {
  const VALUES: readonly (readonly [what: string, expression: string, value: unknown])[] = [
    ['text', '"a b"', 'a b'],
    ['escapes of text', String.raw`"\n\r\t\"\\\u00e9\U0001F600"`, '\n\r\t"\\é😀'],
    ['a dollar and a percent sign', '"5$ 5% $5 %5"', '5$ 5% $5 %5'],
    ['an escaped interpolation', '"$${a} %%{b}"', '${a} %{b}'],
    ['a whole number', '8090', '8090'],
    ['a whole number beyond 2^53', '12345678901234567890', '12345678901234567890'],
    ['a fraction', '0.50', '0.5'],
    ['an exponent, without one in the text', '2.5e21', '2500000000000000000000'],
    ['a small exponent', '25e-8', '0.00000025'],
    ['a negative number', '-3', '-3'],
    ['a flag', 'true', 'true'],
    ['a sum and a product', '1 + 2 * 3 - 4 / 8 % 5', '6.5'],
    ['parentheses over lines', '(1 +\n 2) * 3', '9'],
    ['numbers in text', '"2" * "3"', '6'],
    [
      'comparisons',
      '[1 < 2, 2 <= 1, 2 > 1, 1 >= 2, 1 == 1, 1 != 1]',
      ['true', 'false', 'true', 'false', 'true', 'false'],
    ],
    ['text is not equal to a number', '1 == "1"', 'false'],
    ['lists are equal by their items', '[1, {a = 2}] == [1, {a = 2}]', 'true'],
    ['logic', '!false && (false || true)', 'true'],
    ['a condition', 'true ? "yes" : "no"', 'yes'],
    ['a condition in a condition', 'false ? 1 : false ? 2 : 3', '3'],
    ['a list over lines with a comma at its end', '[\n1,\n2,\n]', ['1', '2']],
    ['a map with = and : and ends of lines', '{\n a = 1\n b : 2, "c d" = 3\n}', { a: '1', b: '2', 'c d': '3' }],
    ['a key that is computed', '{ (local.k) = 1, "${local.k}2" = 2 }', { key: '1', key2: '2' }],
    ['an interpolation', '"a${local.k}b${1 + 1}"', 'akeyb2'],
    ['an interpolation alone keeps the type', '"${[1]}"', ['1']],
    ['text in an interpolation', '"${"x${"y"}"}"', 'xy'],
    ['blanks left out beside an interpolation', '"a  ${~ 1 ~}  b"', 'a1b'],
    ['a directive', '"%{ if local.n > 1 }many%{ else }one%{ endif }"', 'many'],
    ['a directive in a directive', '"%{ for x in [1, 2] }%{ if x > 1 }${x}%{ endif }.%{ endfor }"', '.2.'],
    ['a directive over a map', '"%{ for k, v in {b = 1, a = 2} }${k}${v} %{ endfor }"', 'a2 b1 '],
    ['an item and a key', '[local.list[1], local.map.a, local.map["a"], local.list.0]', ['y', '1', '1', 'x']],
    ['a splat', 'local.maps[*].a', ['1', '2']],
    ['an old splat', 'local.maps.*.a', ['1', '2']],
    ['a splat of a single value', '"x"[*]', ['x']],
    ['a list from a list', '[for x in [1, 2, 3] : x * 2 if x != 2]', ['2', '6']],
    ['a list from a map, by key', '[for k, v in {b = 1, a = 2} : "${k}${v}"]', ['a2', 'b1']],
    ['a map from a list', '{for i, x in ["a", "b"] : x => i}', { a: '0', b: '1' }],
    ['a map that groups', '{for x in ["a1", "b2", "a3"] : split("", x)[0] => x...}', { a: ['a1', 'a3'], b: ['b2'] }],
    ['a call with a list as its arguments', 'concat([[1], [2, 3]]...)', ['1', '2', '3']],
    ['comments', '1 /* two\nlines */ # to the end\n // another\n', '1'],
    ['a heredoc', `<<EOT\n a\n  b\${1}\nEOT${EOF}`, ' a\n  b1\n'],
    ['an indented heredoc', `<<-EOT\n    a\n\n      b\n    EOT${EOF}`, 'a\n\n  b\n'],
    ['an indented heredoc whose line begins with a value', `<<-EOT\n  \${1}\n    b\n  EOT${EOF}`, '1\n  b\n'],
    ['a heredoc without lines', `<<EOT\nEOT${EOF}`, ''],
    ['a heredoc with backslashes and quotes', `<<EOT\n"a\\n"\nEOT${EOF}`, '"a\\n"\n'],
    ['a heredoc in a call', `split(",", <<EOT\na,b\nEOT\n)`, ['a', 'b\n']],
    ['a map named __proto__', '{ __proto__ = 1 }', JSON.parse('{"__proto__": "1"}')],
  ];
  const LOCALS = `locals {
  k = "key"
  n = 2
  list = ["x", "y"]
  map = { a = 1 }
  maps = [{ a = 1 }, { a = 2 }]
}`;
  for (const [what, expression, value] of VALUES) {
    it(`reads ${what}`, () => assert.deepEqual(evaluated(expression, LOCALS), value));
  }

  const WRONG: readonly (readonly [what: string, expression: string, message: RegExp])[] = [
    ['a word without quotes', 'localhost', /there is no variable localhost/],
    ['text that is not closed', '"abc', /this text is not closed on its line/],
    ['an unknown escape', String.raw`"\q"`, /this is no escape sequence/],
    ['a code beyond Unicode', String.raw`"\UFFFFFFFF"`, /this is no escape sequence/],
    ['an interpolation that is not closed', '"${1"', /expected } here/],
    ['an unknown directive', '"%{ loop }"', /this is no directive/],
    ['a directive that is not closed', '"%{ if true }x"', /this if is not closed/],
    ['an end without a begin', '"%{ endfor }"', /endfor without for before it/],
    ['a heredoc without an end', '<<EOT\na', /this heredoc has no end/],
    ['a list that is not closed', '[1, 2', /expected \] here|expected a value, got/],
    ['a comment that is not closed', '1 /* ', /this comment is not closed/],
    ['an unknown function', 'concatt([1])', /there is no function concatt/],
    ['an unknown key', 'local.map.b', /there is no key "b" in this map/],
    ['an item that is not there', 'local.list[2]', /there is no item 2 in a list of 2/],
    ['a fraction as the number of an item', 'local.list[0.5]', /there is no item 0.5/],
    ['a key of text', '"a".b', /expected a list or a map before this, got text/],
    ['a list in text', '"a${[1]}"', /expected text here, got a list/],
    ['null in text', '"a${null}"', /expected text here, got null/],
    ['text as a number', '"a" + 1', /expected a number here, got text/],
    ['a number as a condition', '1 ? 2 : 3', /expected true or false here, got a number/],
    ['a division by zero', '1 / 0', /this has no value/],
    ['two items with one key', '{for x in [1, 2] : "a" => x}', /two items have the key "a"/],
    ['a for over text', '[for x in "abc" : x]', /expected a list or a map after in, got text/],
    ['a key that needs parentheses', '{ local.k = 1 }', /is written in parentheses/],
    ['a condition without its second half', 'true ? 1', /expected : here/],
  ];
  for (const [what, expression, message] of WRONG) {
    it(`refuses ${what}`, () => assert.match(String(evaluated(expression, LOCALS)), message));
  }
});

describe('functions of HCL', () => {
  const CALLS: readonly (readonly [call: string, value: unknown])[] = [
    ['coalesce(null, "", "b")', ''],
    ['coalescelist([], null, [1])', ['1']],
    ['compact(["", "a", null, "b"])', ['a', 'b']],
    ['concat([1], [], [2])', ['1', '2']],
    ['distinct([1, 2, 1, [3], [3]])', ['1', '2', ['3']]],
    ['element(["a", "b"], 3)', 'b'],
    ['flatten([[1, [2]], 3])', ['1', '2', '3']],
    ['index(["a", "b"], 1)', 'b'],
    ['index({a = 1}, "a")', '1'],
    ['keys({b = 1, a = 2})', ['a', 'b']],
    ['lookup({a = 1}, "a", 2)', '1'],
    ['lookup({a = 1}, "b", 2)', '2'],
    ['merge({a = 1, b = 1}, null, {b = 2})', { a: '1', b: '2' }],
    ['merge()', {}],
    ['reverse([1, 2])', ['2', '1']],
    ['slice([0, 1, 2, 3], 1, 3)', ['1', '2']],
    ['sort(["b", "é", "a", "B"])', ['B', 'a', 'b', 'é']],
    ['split(",", "a,,b")', ['a', '', 'b']],
    ['split("", "ab")', ['a', 'b']],
    ['split(",", "")', ['']],
    ['values({b = 1, a = 2})', ['2', '1']],
    ['zipmap(["a", "b"], [1, 2])', { a: '1', b: '2' }],
  ];
  for (const [call, value] of CALLS) it(call, () => assert.deepEqual(evaluated(call), value));

  const WRONG: readonly (readonly [call: string, message: RegExp])[] = [
    ['coalesce(null, null)', /every argument is null/],
    ['coalescelist([], [])', /every list is empty/],
    ['coalescelist("a")', /expected a list, got text/],
    ['concat()', /expected at least 1 argument, got 0/],
    ['concat([1], "a")', /expected a list, got text/],
    ['concat(null)', /an argument is null/],
    ['element([], 0)', /the list is empty/],
    ['element([1], -1)', /negative/],
    ['index(["a"], 1)', /there is no item 1/],
    ['index(["a"], "b")', /expected a whole number, got text/],
    ['index({a = 1}, "b")', /there is no key "b"/],
    ['lookup({a = 1}, "b")', /expected 3 arguments, got 2/],
    ['merge([1])', /expected a map, got a list/],
    ['slice([1], 1, 0)', /1 to 0 is no part of a list of 1/],
    ['slice([1], 0, 2)', /0 to 2 is no part of a list of 1/],
    ['sort([[1]])', /expected text, got a list/],
    ['zipmap(["a"], [])', /1 keys for 0 values/],
    ['length([1])', /there is no function length/],
  ];
  for (const [call, message] of WRONG) it(`refuses ${call}`, () => assert.match(String(evaluated(call)), message));
});
