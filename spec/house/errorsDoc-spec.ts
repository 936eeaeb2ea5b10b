import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ERROR_CODES } from '../../lib/core/errors.js';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/ERRORS.md', root), 'utf8');
const sections = page.split(/^### /m).slice(1);
const codes = Object.keys(ERROR_CODES);

const sources = ['lib', 'operators'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('core/errors.ts') && !file.startsWith('core/errors.ts'))
    .map((file) => readFileSync(new URL(`${folder}/${file}`, root), 'utf8').replaceAll(/^\s*(\*|\/\/).*$/gm, '')),
);

describe('docs/ERRORS.md', () => {
  it('has exactly one section for each code', () => {
    assert.deepEqual(sections.map((section) => section.split('\n')[0]).sort(), [...codes].sort());
  });

  for (const section of sections) {
    const [code = ''] = section.split('\n');
    it(`${code}: its meaning, in the words of ERROR_CODES; its cause; the remedy; an example message`, () => {
      const meaning = ERROR_CODES[code as keyof typeof ERROR_CODES];
      assert.ok(section.startsWith(`${code}\n\n${meaning}\n\n`), `it should begin with "${meaning}"`);
      assert.match(section, /^- \*\*When:\*\* \S/m);
      assert.match(section, /^- \*\*Do:\*\* \S/m);
      assert.match(section, /^```text\n.+\n```$/m);
    });
  }

  it('every code occurs in the sources', () => {
    const unused = codes.filter((code) => !sources.some((source) => source.includes(`'${code}'`)));
    assert.deepEqual(unused, []);
  });
});
