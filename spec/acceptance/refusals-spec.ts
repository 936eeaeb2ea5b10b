import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Bench } from './elpis.js';

describe('elpis with invalid input', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.remove());

  it('reports every error at once, with places and hints, and exits with 2', async () => {
    bench.write(
      'load.yaml',
      `pools:
  - gun: {type: htp, target: "localhost:80"}
    ammo: {type: uri, uris: ["/"]}
    result: {type: phout, destinaton: ./phout.log}
    rps: {type: const, ops: 10, duration: 30}
    startup: {type: once, times: "2"}
    shared: true
`,
    );
    const { code, stderr } = await bench.run(['check', 'load.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, /load\.yaml:2:\d+ +pools\[0\]\.gun\.type.*did you mean http\?/s);
    assert.match(stderr, /destinaton.*did you mean destination\?/s);
    assert.match(stderr, /pools\[0\]\.rps\.duration/);
    assert.match(stderr, /pools\[0\]\.startup\.times/);
    assert.match(stderr, /pools\[0\]\.shared/);
  });

  const rows: readonly [args: readonly string[], message: RegExp][] = [
    [['run', 'missing.yaml'], /missing\.yaml/],
    [['run', 'load.ini'], /load\.ini/],
    [['run'], /load/],
    [['chekc', 'load.yaml'], /Did you mean check\?/],
    [['run', '--nope'], /unknown option '--nope'/],
    [['target', '--port', 'x'], /--port/],
    [['check', 'a.yaml', 'b.yaml'], /too many arguments/],
  ];
  for (const [args, message] of rows) {
    it(`elpis ${args.join(' ')}`, async () => {
      bench.write('load.ini', '');
      if (args.length === 1) bench.write('other', '');
      const { code, stderr } = await bench.run(args);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }
});
