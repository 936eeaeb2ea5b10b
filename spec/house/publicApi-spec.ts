import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { entries } from '../../scripts/barrels.mjs';
import { publicApi } from './api/publicApi.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GOLDEN = new URL('./public-api.d.txt', import.meta.url);

const HEAD = '// The public API with its types. Written by `npm run api`; read the difference before you commit it.';

/** What stands in `a` and not in `b`, each block with a mark before its lines. */
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
});
