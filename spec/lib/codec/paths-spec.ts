import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isLeft, right } from 'fp-ts/lib/Either.js';
import type { CodecIssue } from '../../../lib/codec/issue.js';
import { existingFile, filePath, optionalPath, pathsIn } from '../../../lib/codec/paths.js';
import { Reference } from '../../../lib/codec/reference.js';
import { optional, required, struct } from '../../../lib/codec/struct.js';

describe('a codec of paths', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'elpis-'));
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'there.txt'), '');
  });
  after(() => rmSync(folder, { recursive: true }));
  const both = struct('both', {
    inner: required(struct('inner', { read: required(existingFile, '') }), ''),
    write: optional(filePath, '', ''),
  });
  const codeOf = (codec: typeof existingFile, raw: unknown): string | undefined => {
    const decoded = codec.decode(raw);
    return isLeft(decoded) ? (decoded.left[0] as CodecIssue).code : undefined;
  };

  it('begins at the folder of the outermost codec, at any depth', () => {
    const raw = { inner: { read: 'there.txt' }, write: 'sub/out' };
    assert.deepEqual(
      pathsIn(both, folder).decode(raw),
      right({ inner: { read: join(folder, 'there.txt') }, write: join(folder, 'sub/out') }),
    );
    assert.ok(isLeft(both.decode(raw)));
  });

  it('does not change absolute paths, and no path at the working directory of the process', () => {
    const raw = { inner: { read: join(folder, 'there.txt') }, write: '/out' };
    assert.deepEqual(pathsIn(both, '/').decode(raw), right(raw));
    const here = { inner: { read: './package.json' }, write: './out' };
    for (const cwd of [undefined, '.', process.cwd()]) assert.deepEqual(pathsIn(both, cwd).decode(here), right(here));
  });

  it('has its default in the folder, too', () => {
    const codec = struct('log', { path: optionalPath('log.txt', '') });
    for (const raw of [{}, { path: null }])
      assert.deepEqual(pathsIn(codec, folder).decode(raw), right({ path: join(folder, 'log.txt') }));
    assert.deepEqual(codec.decode({}), right({ path: 'log.txt' }));
    assert.deepEqual([codec.encode({ path: 'log.txt' }), codec.encode({ path: '/x' })], [{}, { path: '/x' }]);
  });

  it('reads the text of a reference', () => {
    const reference = new Reference('sub/out', '${OUT}');
    assert.deepEqual(pathsIn(filePath, folder).decode(reference), right(join(folder, 'sub/out')));
  });

  it('refuses what is no file', () => {
    const existing = pathsIn(existingFile, folder) as typeof existingFile;
    assert.equal(codeOf(existing, 'there.txt'), undefined);
    for (const [raw, code] of [
      ['sub', 'missing-file'],
      ['', 'missing-file'],
      ['none.txt', 'missing-file'],
      [5, 'wrong-type'],
    ]) {
      assert.equal(codeOf(existing, raw), code);
    }
    assert.deepEqual([codeOf(filePath, ''), codeOf(filePath, 5)], ['required', 'wrong-type']);
  });
});
