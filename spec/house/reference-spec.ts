import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { entries, sectionsOf } from '../../scripts/barrels.mjs';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** The names in the export statements of a barrel. */
function exportedIn(barrel: string): readonly string[] {
  const { statements } = ts.createSourceFile('index.ts', barrel, ts.ScriptTarget.Latest);
  return statements.flatMap((statement) => {
    assert.ok(ts.isExportDeclaration(statement), 'a barrel only exports');
    assert.ok(statement.exportClause && ts.isNamedExports(statement.exportClause), 'a barrel exports by name');
    return statement.exportClause.elements.map((each) => each.name.text);
  });
}

describe('the reference', () => {
  it('is made of the entries of the package', () => {
    const { entryPoints } = JSON.parse(read('typedoc.json')) as { readonly entryPoints: readonly string[] };
    assert.deepEqual([...entryPoints].sort(), entries.map(({ file }) => file).sort());
  });

  for (const { specifier, file } of entries) {
    it(`has each export of ${specifier} in a section of its barrel`, () => {
      const sections = sectionsOf(read(file));
      assert.deepEqual(sections.get(''), undefined, 'above the first section');
      assert.deepEqual([...sections.values()].flat().sort(), [...exportedIn(read(file))].sort());
    });
  }

  it('has the operators in the sections in which docs/OPERATORS.md has them', () => {
    const documented = new Map<string, string>();
    for (const section of read('docs/OPERATORS.md').split(/^## /m).slice(1)) {
      const [title = ''] = section.split('\n');
      for (const [, name = ''] of section.matchAll(/^\| `(\w+)` /gm)) documented.set(name, title.toLowerCase());
    }
    const sections = sectionsOf(read('operators/index.ts'));
    assert.deepEqual([...sections.keys()], [...new Set(documented.values())]);
    for (const [section, names] of sections)
      for (const name of names) assert.equal(documented.get(name) ?? section, section, name);
  });
});
