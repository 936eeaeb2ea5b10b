import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';
import { main } from '../../../lib/cli/main.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-broken-trace-'));
after(() => rmSync(folder, { recursive: true }));
const config = join(folder, 'load.json');
const times = join(folder, 'times.csv');
writeFileSync(times, '1\n2\nsoon\n');
const pool = {
  gun: { type: 'http', target: '127.0.0.1:9' },
  ammo: { type: 'uri', uris: ['/'] },
  result: { type: 'discard' },
  rps: { type: 'trace', file: times, format: 'csv' },
  startup: { type: 'once', times: 1 },
};
writeFileSync(config, JSON.stringify({ pools: [pool] }));

describe('a recorded trace that is broken', () => {
  for (const command of ['plan', 'check', 'run']) {
    it(`ends elpis ${command} with file and line, before anything is shot`, async () => {
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      const printed = text(stderr);
      const io = { stdin: Readable.from([]), stdout, stderr, env: { NO_COLOR: '1' } };
      assert.equal(await main([command, config], io, new EventEmitter()), 2);
      stderr.end();
      assert.match(
        await printed,
        /^ERROR {2}.*times\.csv:3: "soon" is not a time; expected a number .*\nhint {3}this is column 1\n/,
      );
    });
  }
});
