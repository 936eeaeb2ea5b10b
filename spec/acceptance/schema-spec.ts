import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { Bench } from './elpis.js';

const OWN = fileURLToPath(new URL('../../examples/own-gun/load.yaml', import.meta.url));

describe('elpis schema', () => {
  let bench: Bench;
  before(() => {
    bench = new Bench();
  });
  after(() => bench.remove());

  const validates = (schema: string, config: unknown): boolean =>
    new Ajv({ strict: true }).compile(JSON.parse(schema) as object)(config);

  it('has the components of the modules of a given config', async () => {
    const config: unknown = parse(readFileSync(OWN, 'utf8'));
    const own = await bench.run(['schema', OWN]);
    assert.equal(own.code, 0, own.stderr);
    assert.ok(validates(own.stdout, config));
    assert.ok(!validates((await bench.run(['schema'])).stdout, config));
  });

  it('writes a file, and the line by which editors find it', async () => {
    const { code, stdout } = await bench.run(['schema', '--out', 'elpis.json']);
    assert.equal(code, 0);
    assert.match(stdout, /^wrote elpis\.json[\s\S]*# yaml-language-server: \$schema=\.\/elpis\.json$/m);
    await bench.run(['init', 'load.yaml']);
    assert.ok(validates(bench.read('elpis.json'), parse(bench.read('load.yaml'))));
  });

  it('works for a config with other errors, and reports a config that cannot be read', async () => {
    bench.write('half.yaml', 'pools: [{}]');
    assert.equal((await bench.run(['schema', 'half.yaml'])).code, 0);
    const missing = await bench.run(['schema', 'missing.yaml']);
    assert.deepEqual([missing.code, missing.stdout], [2, '']);
    assert.match(missing.stderr, /missing\.yaml/);
  });
});
