import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OriginCache } from '../../../../lib/wire/dial/origin.js';

const LIMIT = 1024;

describe('OriginCache', () => {
  it('returns one object for a scheme, host and port', () => {
    const book = new OriginCache();
    const first = book.get('a', 80, false);
    assert.equal(book.get('a', 80, false), first);
    for (const other of [book.get('b', 80, false), book.get('a', 81, false), book.get('a', 80, true)])
      assert.notEqual(other, first);
  });

  it('returns the origin that was added', () => {
    const book = new OriginCache();
    const target = book.add({ host: 'a', port: 80, ssl: false, remember: true });
    assert.equal(book.get('a', 80, false), target);
  });

  it('keeps 1024 origins; further ones work, but are made each time', () => {
    const book = new OriginCache();
    const kept = Array.from({ length: LIMIT }, (_, port) => book.get('a', port, false));
    assert.ok(kept.every((origin, port) => book.get('a', port, false) === origin));
    const beyond = book.get('a', LIMIT, false);
    assert.deepEqual(beyond, { host: 'a', port: LIMIT, ssl: false, remember: false });
    assert.notEqual(book.get('a', LIMIT, false), beyond);
    assert.equal(book.get('a', 0, false), kept[0]);
  });
});
