import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { autoTag, sampleTag } from '../../../../lib/guns/shared/tagging.js';

interface Vector {
  id: string;
  url: string;
  uriElements: number;
  enabled: boolean;
  noTagOnly: boolean;
  ammoTag: string;
  expect: { autotag: string; sampleTag: string };
}
const { vectors } = JSON.parse(readFileSync('spec/vectors/autotag.json', 'utf8')) as { vectors: Vector[] };
const pathOf = (url: string): string => url.replace(/^([a-z]+:)?\/\/[^/?]*/, '').replace(/\?.*$/, '');

describe('the tag of a sample', () => {
  for (const { id, url, uriElements, enabled, noTagOnly, ammoTag, expect } of vectors) {
    it(`matches the vector ${id}`, () => {
      assert.equal(autoTag(pathOf(url), uriElements), expect.autotag);
      assert.equal(sampleTag({ enabled, uriElements, noTagOnly }, ammoTag, pathOf(url)), expect.sampleTag);
    });
  }

  const ROWS: [path: string, elements: number, tag: string][] = [
    ['/my/very/deep/page', 2, '/my/very'],
    ['/1/2', 1, '/1'],
    ['/1/2', 3, '/1/2'],
    ['/', 2, '/'],
    ['/a/', 2, '/a/'],
    ['/a//b/c', 2, '/a/'],
    ['a/b/c', 2, 'a/b/c'],
    ['/a b///c/d', 2, '/a b/'],
    ['', 2, '__EMPTY__'],
  ];
  for (const [path, uriElements, tag] of ROWS) {
    it(`is ${tag} for ${JSON.stringify(path)}`, () =>
      assert.equal(sampleTag({ enabled: true, uriElements, noTagOnly: true }, '', path), tag));
  }

  it('is joined with the tag of the ammo when configured', () => {
    const rule = { enabled: true, uriElements: 2, noTagOnly: false };
    assert.equal(sampleTag(rule, 'T', '/1/2/3'), 'T|/1/2');
    assert.equal(sampleTag(rule, 'T', ''), 'T|');
    assert.equal(sampleTag({ ...rule, enabled: false }, 'T', '/1/2/3'), 'T');
    assert.equal(sampleTag({ ...rule, enabled: false }, '', '/1/2/3'), '__EMPTY__');
  });
});
