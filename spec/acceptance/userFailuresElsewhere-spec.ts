import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Bench } from './elpis.js';
import { CONFIG, MODULE, PLACE } from './userModule.js';

describe('a failure of a middleware, of a config in code, and in other commands', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
    bench.write('mine.ts', MODULE);
    bench.write('load.yaml', CONFIG);
  });
  afterEach(() => bench.remove());

  it('a middleware: the ammo cannot be shot, and the log has the middleware and the place', async () => {
    bench.write('load.yaml', CONFIG.replace('{type: mine}', '{type: http, target: "127.0.0.1:1"}'));
    const { stdout, stderr } = await bench.run(['run', 'load.yaml'], { env: { WAY: 'middleware' } });
    const log = stdout + stderr;
    assert.match(log, /middleware "sign" failed: broken middleware/);
    assert.match(log, PLACE);
    assert.doesNotMatch(log, /report it/);
  });

  it('a config in code: the error has the place in its source', async () => {
    const text = `import { defineConfig } from 'elpis';\nenum A { B }\nexport default (): unknown => { const no: string = 'no ' + A.B; throw new Error(no); };\n`;
    bench.write('load.ts', text);
    const { code, stderr } = await bench.run(['run', 'load.ts', '-q']);
    assert.equal(code, 2);
    assert.match(stderr, /load\.ts:3:71: no 0/);
    assert.match(stderr, /ELPIS_CONFIG_READ: see docs/);
    assert.doesNotMatch(stderr, /report it/);
  });

  it('other commands than run report it too', async () => {
    for (const [way, args] of [
      ['codec', ['plugins', '--config', 'load.yaml']],
      ['codec', ['check', 'load.yaml']],
      ['create', ['plan', 'load.yaml']],
      ['create', ['rehearse', 'load.yaml', '--target', 'constant(5ms)']],
    ] as const) {
      const { code, stderr } = await bench.run(args, { env: { WAY: way } });
      assert.notEqual(code, 0, args.join(' '));
      assert.match(stderr, PLACE, `${args.join(' ')}: ${stderr}`);
      assert.doesNotMatch(stderr, /report it/, args.join(' '));
    }
  });
});
