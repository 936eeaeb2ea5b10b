import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { elpis } from './inProcess.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-planned-'));
after(() => rmSync(folder, { recursive: true }));

/** A config with operators of ticks, each from a module with this function from ticks to ticks. */
function config(name: string, operator: string): string {
  const module = `
    import { defineOperator, struct } from 'elpis';
    import { filterPulled, scaleRate } from 'elpis/operators';
    import { delayWhen, NEVER } from 'rxjs';
    export default defineOperator('ticks', { name: '${name}', summary: 'x', options: struct('${name}', {}), create: () => ${operator} });`;
  writeFileSync(join(folder, `${name}.ts`), module);
  const pool = {
    ...{ id: 'main', gun: { type: 'http', target: '127.0.0.1:1' }, ammo: { type: 'uri', uris: ['/'] } },
    ...{ result: { type: 'discard' }, rps: { type: 'const', ops: 10, duration: '10s' } },
    ...{ startup: { type: 'once', times: 2 }, operators: { ticks: [{ use: `./${name}.ts` }] } },
  };
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify({ pools: [pool] }));
  return path;
}

describe('elpis check and elpis plan count the operations after the operators of ticks', () => {
  const rows: readonly [name: string, operator: string, shots: number][] = [
    ['none', '(ticks) => ticks', 100],
    ['half', 'scaleRate(0.5)', 50],
    ['third', 'filterPulled(({ index }) => index % 3 === 0)', 34],
    ['never', '(ticks) => ticks.pipe(delayWhen(() => NEVER))', -1],
  ];
  for (const [name, operator, shots] of rows)
    it(`${operator}: ${shots}`, async () => {
      const path = config(name, operator);
      const checked = await elpis(['check', path, '--json']);
      assert.equal(checked.code, 0, checked.stderr);
      const planned = await elpis(['plan', path, '--json']);
      const { pools } = JSON.parse(checked.stdout) as { pools: { startupTokens: number; rpsTokens: number }[] };
      const plan = JSON.parse(planned.stdout) as { pools: { shots: number }[] };
      assert.deepEqual([pools[0]?.startupTokens, pools[0]?.rpsTokens, plan.pools[0]?.shots], [2, shots, shots]);
      const { stdout } = await elpis(['check', path]);
      assert.match(
        stdout,
        new RegExp(`^ {2}load +${shots < 0 ? 'an unknown number of' : shots} shots by 2 instances$`, 'm'),
      );
    });
});
