import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import type { Bench } from './elpis.js';

const SHOTS = 20_000;

interface Summary {
  readonly pools: readonly [{ readonly total: { readonly shots: number; readonly unfinished: number } }];
}

describe('a result whose reader is slower than the shots', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  for (const threads of [1, 2, 3]) {
    it(`fails the run with one total of what was dropped, which is what the file lacks, threads: ${threads}`, async () => {
      const fifo = join(bench.folder, 'fifo');
      execFileSync('mkfifo', [fifo]);
      const text = config(`127.0.0.1:${target.port}`, {
        uris: '"/ a"',
        result: '[{type: phout, destination: fifo, sample-queue-size: 500}, {type: phout, destination: all.log}]',
        rps: `{type: once, times: ${SHOTS}}`,
        startup: '{type: once, times: 12}',
        extra: `    overflow: queue\nthreads: ${threads}`,
      });
      bench.write('load.yaml', text);
      const { finished } = bench.start(['run', 'load.yaml', '--quiet', '--summary-json', 's.json']);
      // A stream that is not read holds one chunk, and the pipe 64 KiB.
      const reader = createReadStream(fifo);
      while (target.stats().total < SHOTS) await delay(20);
      let read = '';
      for await (const chunk of reader) read += String(chunk);
      const { code, stderr } = await finished;
      assert.equal(code, 1, stderr);
      const { total } = (JSON.parse(bench.read('s.json')) as Summary).pools[0];
      assert.equal(total.shots, SHOTS);
      const written = read.trim().split('\n').length;
      const [, dropped] = /phout \(result\[0\]\): (\d+) samples were dropped/.exec(stderr) ?? [];
      assert.ok(written < SHOTS, 'some are dropped');
      assert.equal(Number(dropped), SHOTS - written, stderr);
      assert.equal(stderr.match(/were dropped/g)?.length, 1, stderr);
      assert.equal(bench.read('all.log').trim().split('\n').length, SHOTS, 'the other result has all');
    });
  }
});
