import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { entries } from '../../scripts/barrels.mjs';
import { namesIn } from './api/namesIn.js';
import { plainDeclaration } from './api/plainDeclaration.js';
import { publicApi } from './api/publicApi.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GOLDEN = new URL('./public-api.d.txt', import.meta.url);

const HEAD = '// The public API with its types. Written by `npm run api`; read the difference before you commit it.';

/** The blocks of `a` that are not in `b`, with a mark before each line. */
function missing(mark: string, a: string, b: string): readonly string[] {
  const others = new Set(b.split('\n\n'));
  return a
    .split('\n\n')
    .filter((block) => !others.has(block))
    .map((block) => block.replace(/^/gm, `${mark} `));
}

describe('the public API', () => {
  it('is the one in public-api.d.txt', () => {
    const now = `${HEAD}\n\n${publicApi(entries, ROOT)}`;
    if (process.env.UPDATE === '1') writeFileSync(GOLDEN, now);
    const golden = readFileSync(GOLDEN, 'utf8');
    const changes = [...missing('-', golden, now), ...missing('+', now, golden)];
    assert.ok(golden === now, `the public API has changed; if that is meant, run npm run api\n${changes.join('\n\n')}`);
  });

  const first = (text: string): ts.Statement => {
    const [statement] = ts.createSourceFile('x.d.ts', text, ts.ScriptTarget.Latest, true).statements;
    assert.ok(statement);
    return statement;
  };

  for (const [what, written, expected] of [
    ['comments and modifiers are left out', '/** A. */ export declare const a: /* b */ string;', 'const a: string;'],
    [
      'unions are in order, nothing last',
      'type A = undefined | "b" | null | "a";',
      'type A = "a" | "b" | null | undefined;',
    ],
    ['a name is shown without its file', "type A = import('./x.js').B<string>[];", 'type A = B<string>[];'],
    [
      'private members are left out',
      'class A { #private; private b; protected c: 1; }',
      'class A {\n    protected c: 1;\n}',
    ],
  ] as const) {
    it(`is plain text: ${what}`, () => assert.equal(plainDeclaration(first(written), true), expected));
  }

  it('has the constructors of exported classes only', () => {
    const statement = first('class A extends B { constructor(c: C); d(e: E.F, g: typeof h): import("./i.js").I; }');
    assert.match(plainDeclaration(statement, true), /constructor/);
    assert.doesNotMatch(plainDeclaration(statement, false), /constructor/);
    const names = namesIn(statement, true).map(({ name }) => name);
    assert.deepEqual(names, ['B', 'C', 'E', 'h', 'I']);
    assert.deepEqual(
      namesIn(statement, false).map(({ name }) => name),
      ['B', 'E', 'h', 'I'],
    );
  });
});
