import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { lastValueFrom } from 'rxjs';
import { startTarget, type Target } from '../../lib/target/target.js';

const SCENARIO = `import { feed, get, rowsFeeder, scenario } from 'elpis/scenario';
const codes = rowsFeeder('codes', [201, 202, 404, 500].map((code) => ({ code })), { strategy: 'random' });
export default scenario('s', (flow) => flow.pipe(feed(codes), get('any', ({ code }) => '/status/' + code)));
`;

describe('random values of scenarios in several threads', () => {
  let folder: string;
  let target: Target;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'scenario-threads-'));
    target = await startTarget();
    writeFileSync(join(folder, 'scenario.ts'), SCENARIO);
    const pool = {
      gun: { type: 'scenario', target: `127.0.0.1:${target.port}` },
      ammo: { type: 'scenario', use: './scenario.ts' },
      result: { type: 'discard' },
      rps: { type: 'once', times: 200 },
      startup: { type: 'once', times: 8 },
    };
    writeFileSync(join(folder, 'load.json'), JSON.stringify({ pools: [pool] }));
  });
  after(async () => {
    await target.close();
    rmSync(folder, { recursive: true });
  });

  const statuses = async (threads: number, seed: number): Promise<readonly string[]> => {
    // Threads run the built files.
    const built = new URL('../../dist/lib/index.js', import.meta.url).href;
    const { run } = (await import(built)) as typeof import('../../lib/index.js');
    const finished = await lastValueFrom(run(join(folder, 'load.json'), { threads, seed }));
    assert.equal(finished.type, 'run-finished');
    const [summary] = finished.type === 'run-finished' ? finished.summaries : [];
    return (summary?.total.statuses ?? []).map(({ status, count }) => `${status}: ${count}`).sort();
  };

  it('are the same as in one thread with the same seed', async () => {
    const one = await statuses(1, 5);
    assert.equal(one.length, 4);
    assert.deepEqual(await statuses(2, 5), one);
    assert.notDeepEqual(await statuses(2, 6), one);
  });
});
