import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { entries, sectionsOf } from '../../scripts/barrels.mjs';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** The names in the export statements of a barrel; only the table of components is exported as a whole. */
function exportedIn(file: string): readonly string[] {
  const { statements } = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest);
  return statements.flatMap((statement) => {
    assert.ok(ts.isExportDeclaration(statement), 'a barrel only exports');
    const { exportClause, moduleSpecifier } = statement;
    if (exportClause === undefined) {
      assert.ok(moduleSpecifier && ts.isStringLiteral(moduleSpecifier));
      assert.equal(moduleSpecifier.text, './builtins/components.js', 'a barrel exports by name');
      return exportedIn('lib/builtins/components.ts');
    }
    assert.ok(ts.isNamedExports(exportClause), 'a barrel exports by name');
    return exportClause.elements.map((each) => each.name.text);
  });
}

describe('the reference', () => {
  it('is made from the entries of the package', () => {
    const { entryPoints } = JSON.parse(read('typedoc.json')) as { readonly entryPoints: readonly string[] };
    assert.deepEqual([...entryPoints].sort(), entries.map(({ file }) => file).sort());
  });

  for (const { specifier, file } of entries) {
    it(`has each export of ${specifier} in a section of its barrel`, () => {
      const sections = sectionsOf(file);
      assert.deepEqual(sections.get(''), undefined, 'above the first section');
      assert.deepEqual([...sections.values()].flat().sort(), [...exportedIn(file)].sort());
    });
  }

  it('has the operators in the sections in which docs/OPERATORS.md has them', () => {
    const documented = new Map<string, string>();
    for (const section of read('docs/OPERATORS.md').split(/^## /m).slice(1)) {
      const [title = ''] = section.split('\n');
      for (const [, name = ''] of section.matchAll(/^\| `(\w+)` /gm)) documented.set(name, title.toLowerCase());
    }
    const sections = sectionsOf('operators/index.ts');
    assert.deepEqual([...sections.keys()], [...new Set(documented.values())]);
    for (const [section, names] of sections)
      for (const name of names) assert.equal(documented.get(name) ?? section, section, name);
  });
});
