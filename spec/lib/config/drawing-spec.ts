import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { Reference } from '../../../lib/codec/reference.js';
import { ConfigError, drawIssues } from '../../../lib/codec/report/configError.js';
import type { IssueSource } from '../../../lib/codec/report/document.js';
import { issuesOf } from '../../../lib/codec/report/issues.js';
import type { Path } from '../../../lib/codec/report/path.js';
import { decodeConfig } from '../../../lib/config/decodeConfig.js';
import { jsonDocument } from '../../../lib/config/read/json.js';
import { loadText } from './loadText.js';
import { probeRegistry } from './probe.js';

async function errorOf(text: string, env: Readonly<Record<string, string>> = {}): Promise<ConfigError> {
  const result = await loadText(text, env);
  assert.ok(isLeft(result) && result.left instanceof ConfigError);
  return result.left;
}

const BROKEN = `pools:
  - gun: &gun {type: fkae}
    ammo:
      type: probe
      unsigend: 1
      text: \${NOPE}
      wait: "30"
    result:
    rps:
      - {type: once, times: 0}
      - [{type: const, duration: 30}]
\tstartup: 1
`.replace('\t', '    ');

describe('the drawing of issues', () => {
  it('shows all issues at once, in the order of the file, each with a caret', async () => {
    const { message } = await errorOf(BROKEN);
    assert.equal(
      message,
      `stdin:2:22  pools[0].gun.type: expected one of fake, got "fkae" (did you mean fake?)
  2 |   - gun: &gun {type: fkae}
    |                      ^^^^
stdin:5:7  pools[0].ammo.unsigend: unknown key; expected one of the keys text, int, unsigned, float, flag, wait, list, sink, source, inner (did you mean unsigned?)
  5 |       unsigend: 1
    |       ^^^^^^^^
stdin:6:13  pools[0].ammo.text: "\${NOPE}" has no value; expected the environment variable NOPE (it is not set)
  6 |       text: \${NOPE}
    |             ^^^^^^^
stdin:7:13  pools[0].ammo.wait: expected a duration such as 30s, got "30" (add a unit: 30s or 30ms)
  7 |       wait: "30"
    |             ^^^^
stdin:8:5  pools[0].result: missing; expected a result such as {type: phout, destination: ./phout.log}, or a list of them
  8 |     result:
    |     ^^^^^^
stdin:10:29  pools[0].rps[0].times: expected a whole number of at least 1, got 0
  10 |       - {type: once, times: 0}
     |                             ^
stdin:11:34  pools[0].rps[1][0].duration: expected a duration such as 30s, at least 1ms, got 30 (a bare number is nanoseconds; write 30s or 30ms)
  11 |       - [{type: const, duration: 30}]
     |                                  ^^
stdin:12:14  pools[0].startup: expected a schedule such as {type: const, ops: 10, duration: 30s}, or a list of them, got 1 (write {type: const, ops: 1, duration: 30s})
  12 |     startup: 1
     |              ^
8 errors in stdin`,
    );
  });

  it('has a form as data', async () => {
    const { issues } = await errorOf(BROKEN);
    assert.deepEqual(issues[3], {
      code: 'bad-duration',
      severity: 'error',
      path: 'pools[0].ammo.wait',
      line: 7,
      column: 13,
      length: 4,
      value: '30',
      expected: 'a duration such as 30s',
      hint: 'add a unit: 30s or 30ms',
      message: 'expected a duration such as 30s, got "30"',
    });
  });

  it('finds the place behind aliases and merges', async () => {
    const { issues } = await errorOf(`pools:
  - &one
    gun: &gun {type: fake, extra: 1}
    ammo: {type: probe}
    result: {type: discard}
    rps: []
    startup: []
  - <<: *one
    gun: *gun
    rps: 1
`);
    const places = issues.map(({ path, line, column }) => `${path} ${line}:${column}`);
    assert.deepEqual(places, ['pools[0].gun.extra 3:28', 'pools[1].gun.extra 3:28', 'pools[1].rps 10:10']);
  });

  it('never shows the value of a reference', async () => {
    const text = `pools:
  - gun: {type: fake}
    ammo: {type: probe, text: "\${A}", wait: "\${A}", int: "x\${A}", inner: {size: "\${A}"}, sink: "\${A}", flag: "\${A}"}
    result: {type: discard, "\${A}": 1}
    rps: {type: "\${A}"}
    startup: []
`;
    for (const secret of ['hunter2', '77.5', '12 34']) {
      const { message, issues } = await errorOf(text, { A: secret });
      assert.equal(issues.length, 7);
      assert.ok(!message.includes(secret), message);
      assert.ok(!JSON.stringify(issues).includes(secret));
    }
    const { message } = await errorOf(text, { A: '77.5' });
    assert.match(message, /wait: expected a duration such as 30s, got \$\{A\}\n/);
  });

  it('works without a text, too', () => {
    const pool = {
      gun: { type: 'fake' },
      ammo: { type: 'probe', wait: new Reference('30x', '${W}') },
      rps: [],
      startup: [],
    };
    const result = decodeConfig({ pools: [pool] }, probeRegistry());
    assert.ok(isLeft(result));
    const drawing = drawIssues(issuesOf(result.left), { name: 'in code' });
    assert.equal(
      drawing,
      `in code  pools[0].ammo.wait: expected a duration such as 30s, got \${W} (units are ns, us, ms, s, m, h, such as 1m30s)
in code  pools[0].result: missing; expected a result such as {type: phout, destination: ./phout.log}, or a list of them
2 errors in in code`,
    );
  });

  it('keeps tabs, so that the caret is below its place', () => {
    const drawing = drawIssues(
      [
        {
          code: 'bad-value',
          severity: 'error',
          path: 'a',
          line: 1,
          column: 3,
          length: 9,
          expected: '',
          message: 'wrong',
        },
      ],
      { name: 'f', text: '\ta b\n' },
    );
    assert.equal(drawing, 'f:1:3  a: wrong\n  1 | \ta b\n    | \t ^^\n1 error in f');
  });

  it('has a place in unusual documents', async () => {
    const rows: readonly (readonly [sentence: string, text: string, places: readonly string[]])[] = [
      ['no text', '\n\n', ['1:1 pools']],
      ['a merge of a text in a key', 'pools:\n  ? {<<: x}\n  : 1\n', ['2:10 ']],
      ['a merge of a text after an error', 'pools:\n  - a: 1\n- b: 2\n  c:\n    - s: 7\n      <<: x\n', ['3:1 ']],
      ['a repeated key after an error', '{\n"a": {\n"b": 1\n}%\n"c": {\n"d": 1,\n"d": 2\n}}', []],
    ];
    for (const [sentence, text, places] of rows) {
      const { issues } = await errorOf(text);
      if (places.length > 0)
        assert.deepEqual(
          issues.map(({ path, line, column }) => `${line}:${column} ${path}`),
          places,
          sentence,
        );
      for (const { line = 0, column = 0 } of issues)
        assert.ok(column <= (text.split('\n')[line - 1] ?? '').length + 1, `${sentence}: ${line}:${column}`);
    }
  });

  it('shows the place of an error in JSON', () => {
    const rows: readonly (readonly [text: string, place: string])[] = [
      ['{"pools": [1,]}', '1:14'],
      ['{"a": 1,\n "b": tru}', '2:10'],
      ['{"a": [1 2]}', '1:10'],
      ["{'a': 1}", '1:2'],
      ['{"a": 1} x', '1:10'],
      ['{"a": [', '1:8'],
      ['', '1:1'],
      ['{"a": 1, "a": 2}', '1:10'],
    ];
    for (const [text, place] of rows) {
      const result = jsonDocument('a.json', text);
      assert.ok(isLeft(result), text);
      const [first] = result.left.issues;
      assert.equal(`${first?.line}:${first?.column}`, place, text);
    }
  });

  it('has the places of the values of a JSON text', () => {
    const text = '{\n\t"pools": [\n\t\t{"gun": {"type": "fake", "x\\u0041": 1}}\n\t]\n}';
    const document = jsonDocument('a.json', text);
    assert.ok(!isLeft(document));
    const result = decodeConfig(document.right.written, probeRegistry());
    assert.ok(isLeft(result));
    assert.match(
      drawIssues(issuesOf(result.left, document.right), document.right),
      /^a\.json:3:28 {2}pools\[0\]\.gun\.xA: unknown key/m,
    );
  });

  it('finds every value of any document, at its place', () => {
    const key = fc.string().filter((name) => name !== '__proto__' && name !== '<<');
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    const check = (value: unknown, path: Path, text: string, document: IssueSource): void => {
      if (typeof value === 'object' && value !== null) {
        const steps = Array.isArray(value) ? value.map((_, i) => i) : Object.keys(value);
        for (const step of steps) check((value as Record<string, unknown>)[step], [...path, step], text, document);
        return;
      }
      const place = document.place(path, 'value');
      assert.ok(place, JSON.stringify(path));
      const line = text.split('\n')[place.line - 1] as string;
      assert.deepEqual(JSON.parse(line.slice(place.column - 1, place.column - 1 + place.length)), value);
    };
    fc.assert(
      fc.property(tree, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify({ root: value }, null, indent);
        const document = jsonDocument('a.json', text);
        assert.ok(!isLeft(document));
        check({ root: value }, [], text, document.right);
      }),
    );
  });
});
