import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { htmlTemplate } from '../../../../../lib/scenario/files/templates/html/escapeTree.js';
import { textTemplate } from '../../../../../lib/scenario/files/templates/template.js';
import { TemplateError } from '../../../../../lib/scenario/files/templates/templateError.js';
import { MAX_TEXT } from '../../../../../lib/scenario/files/values/goPrint.js';
import type { GoMap } from '../../../../../lib/scenario/files/values/goValue.js';

const PRINT = { numbers: 'plain' } as const;
const render = (template: string, data: GoMap = {}): string => textTemplate(template, PRINT).render(data, () => 0);

function errorOf(call: () => unknown): TemplateError {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof TemplateError, String(error));
    return error;
  }
  assert.fail('it has no error');
}

describe('a template is stopped', () => {
  const rows: [what: string, template: string, message: RegExp][] = [
    ['a loop over a great number', '{{range 1000000000}}{{end}}', /takes over 1000000 steps/],
    ['loops in loops', '{{range 10000}}{{range 10000}}{{end}}{{end}}', /takes over 1000000 steps/],
    [
      'a template that calls itself',
      '{{define "t"}}{{template "t"}}{{end}}{{template "t"}}',
      /call each other over 250 deep/,
    ],
    [
      'templates that multiply',
      `${Array.from({ length: 30 }, (_, i) => `{{define "t${i}"}}{{template "t${i + 1}"}}{{template "t${i + 1}"}}{{end}}`).join('')}{{define "t30"}}x{{end}}{{template "t0"}}`,
      /takes over 1000000 steps/,
    ],
    ['a long output', '{{range 1000}}{{printf "%100000d" 1}}{{end}}', /prints over 16777216 characters/],
    [
      'a text that doubles',
      '{{$x := "0123456789"}}{{range 40}}{{$x = print $x $x}}{{end}}{{len $x}}',
      /makes a text of over 16777216 characters/,
    ],
  ];
  for (const [what, template, message] of rows)
    it(what, () => {
      const error = errorOf(() => render(template));
      assert.equal(error.code, 'template-limit');
      assert.match(error.message, message);
    });

  it('a width over a million is refused in the text, as Go refuses it as an argument', () => {
    assert.equal(render('{{printf "%2000000d|%d" 1 2}}'), '%!(BADWIDTH)|2');
    assert.equal(render('{{printf "%.2000000f|" 1.5}}'), '%!(BADWIDTH)|');
  });

  it('one step and one call over the limits', () => {
    // The loop and each of its turns are a step.
    assert.equal(render('{{range 999999}}{{end}}'), '');
    assert.equal(errorOf(() => render('{{range 1000000}}{{end}}')).code, 'template-limit');
    const calls = Array.from({ length: 250 }, (_, i) => `{{define "t${i}"}}{{template "t${i + 1}"}}{{end}}`).join('');
    assert.equal(errorOf(() => render(`${calls}{{define "t250"}}x{{end}}{{template "t0"}}`)).code, 'template-limit');
  });

  it('but not below the limits', () => {
    assert.equal(render('{{range 300000}}x{{end}}').length, 300_000);
    const chunk = MAX_TEXT / 32;
    assert.equal(render(`{{range 32}}{{printf "%${chunk}d" 1}}{{end}}`).length, MAX_TEXT);
    const calls = Array.from({ length: 249 }, (_, i) => `{{define "t${i}"}}{{template "t${i + 1}"}}{{end}}`).join('');
    assert.equal(render(`${calls}{{define "t249"}}x{{end}}{{template "t0"}}`), 'x');
  });

  it('brackets and blocks nested too deep, and a text that is too long, are refused when it is read', () => {
    for (const template of [
      `{{${'('.repeat(500)}1${')'.repeat(500)}}}`,
      '{{if 1}}'.repeat(500) + '{{end}}'.repeat(500),
      `${'x'.repeat(1_048_577)}{{1}}`,
    ])
      assert.equal(errorOf(() => textTemplate(template, PRINT)).code, 'template-syntax');
    assert.equal(render(`{{${'('.repeat(100)}1${')'.repeat(100)}}}`), '1');
  });
});

describe('an error of a template has its place', () => {
  const rows: [template: string, line: number, column: number, message: RegExp][] = [
    ['{{.a', 1, 1, /the action is not closed by }}/],
    ['ä☃😀 {{nope 1}}', 1, 7, /the function "nope" is not known/],
    ['a\nb\n  {{.x[0]}}', 3, 7, /unexpected "\[" after a name; write \(index \.list 0\)\.name/],
    ['{{if 1}}\n{{else}}\n{{else}}{{end}}', 3, 7, /\{\{else\}\} follows \{\{else\}\}/],
    ['{{"a}}', 1, 3, /a " is not closed by "/],
    ['{{$x}}', 1, 3, /the variable \$x is not declared/],
    ['{{range 3}}', 1, 12, /\{\{range\}\} has no \{\{end\}\}/],
    ['x{{.a.b.c}}', 1, 4, /"c" is looked up in a value of type string/],
    ['x\n{{if eq 1 1.0}}{{end}}', 2, 6, /type int is compared with one of type float64/],
    ['{{/* open', 1, 1, /the comment is not closed/],
  ];
  for (const [template, line, column, message] of rows)
    it(JSON.stringify(template), () => {
      const error = errorOf(() => render(template, { a: { b: 'x' } }));
      assert.match(error.message, message);
      assert.deepEqual([error.line, error.column], [line, column]);
    });

  it('in HTML too', () => {
    const error = errorOf(() => htmlTemplate('<a\n title={{1}}"b">', PRINT));
    assert.equal(error.line, 2);
    assert.match(error.message, /in a value without quotes/);
  });
});

describe('a template without actions', () => {
  it('is its text', () => {
    for (const text of ['', 'plain', '}} { {', 'ä'])
      for (const read of [textTemplate, htmlTemplate])
        assert.equal(
          read(text, PRINT).render({}, () => 0),
          text,
        );
  });
});
