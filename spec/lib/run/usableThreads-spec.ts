import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import type { Config } from '../../../lib/config/config.js';
import { pluginCodecs } from '../../../lib/plugin/pluginCodecs.js';
import { usableThreads } from '../../../lib/run/usableShares.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';

const json = (source: object) => ({ type: 'json', source });
const inline = json({ type: 'inline', data: '1' });
const stdin = json({ type: 'stdin' });
const mix = (...ammo: readonly object[]) => ({ type: 'mix', providers: ammo.map((one) => ({ ammo: one })) });

const TABLE: readonly [what: string, ammo: object, threads: number][] = [
  ['all that are wanted without a restriction', inline, 4],
  ['one, when ammo comes from stdin', stdin, 1],
  ['all, for a mix without stdin', mix(inline, inline), 4],
  ['one, for a mix with stdin', mix(inline, stdin), 1],
  ['one, for a mix in a mix with stdin', mix(inline, mix(stdin)), 1],
];

describe('usableThreads', () => {
  for (const [what, raw, threads] of TABLE)
    it(what, () => {
      const decoded = pluginCodecs(builtins()).provider.decode(raw);
      if (isLeft(decoded)) assert.fail('refused');
      const config = { pools: [{ ammo: decoded.right }] } as unknown as Config;
      const log = new FakeLog();
      assert.equal(usableThreads(4, config, [], log), threads);
    });
});
