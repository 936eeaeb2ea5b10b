// Alone: it proves what holds before the code of the provider is loaded.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { firstValueFrom, toArray } from 'rxjs';
import { builtins } from '../../../../lib/builtins/builtins.js';
import type { CodecIssue } from '../../../../lib/codec/issue.js';
import { pathsIn } from '../../../../lib/codec/paths.js';
import type { Share } from '../../../../lib/core/deps.js';
import type { ConfiguredComponent } from '../../../../lib/plugin/configured.js';
import { pluginCodecs } from '../../../../lib/plugin/pluginCodecs.js';
import type { Pullable } from '../../../../lib/pull/pullable.js';
import { httpScenario } from '../../../../lib/scenario/files/scenarioFileProvider.js';
import type { ScenarioAmmo } from '../../../../lib/scenario/scenarioAmmo.js';
import { fakeDeps } from '../../../../lib/testing/fakeDeps.js';

const YAML = `requests: [{name: a}, {name: b}]
scenarios:
  - {name: x, weight: 2, requests: ["a(2)", b]}
  - {name: z, requests: [b], min_waiting_time: 5}
`;

describe('the provider http/scenario', () => {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-scenario-'));
  const file = join(folder, 's.yaml');
  writeFileSync(file, YAML);
  after(() => rmSync(folder, { recursive: true }));

  const broken = join(folder, 'broken.yaml');
  writeFileSync(broken, 'scenarios: [{name: s, requests: [c]}]');

  // Before the code is loaded.
  const early = {
    fine: httpScenario({ file, limit: 4 }),
    broken: httpScenario({ file: broken }),
    missing: httpScenario({ file: join(folder, 'no.yaml') }),
  };

  const configured = (options: object, references?: Parameters<typeof pluginCodecs>[1]) => {
    const decoded = pluginCodecs(builtins(), references).provider.decode({ type: 'http/scenario', ...options });
    return isLeft(decoded) ? (decoded.left as CodecIssue[]) : decoded.right;
  };
  const provider = (options: object): ConfiguredComponent<'provider'> => {
    const made = configured(options);
    if ('create' in made) return made;
    throw new Error(made.map(({ expected }) => expected).join());
  };
  const draw = (options: object, share?: Share): Promise<readonly ScenarioAmmo[]> => {
    const made = provider(options).create(fakeDeps(share === undefined ? {} : { share })) as Pullable<ScenarioAmmo>;
    return firstValueFrom(made.pipe(toArray()));
  };
  const drawing = (all: readonly ScenarioAmmo[]): string => all.map(({ id, tag }) => `${id}${tag}`).join(' ');

  describe('in a pipeline without a config', () => {
    it('reads its file when the first scenario is taken', async () => {
      assert.equal(drawing(await firstValueFrom(early.fine.pipe(toArray()))), '1x 2x 3z 4x');
    });

    it('fails when the file cannot be used', async () => {
      await assert.rejects(firstValueFrom(early.broken), {
        code: 'ELPIS_AMMO',
        message: `${broken} cannot be played: expected the name of a request of this file`,
      });
      await assert.rejects(firstValueFrom(early.missing), { code: 'ELPIS_CONFIG' });
    });

    it('is checked at its call as soon as a config has loaded the code', async () => {
      await httpScenario.load?.();
      await assert.rejects(firstValueFrom(httpScenario({ file: broken })), {
        code: 'ELPIS_CONFIG',
        message: /broken\.yaml:1:34 {2}scenarios\[0]\.requests\[0]: expected the name of a request/,
      });
    });
  });

  describe('in a config', () => {
    before(() => httpScenario.load?.());

    it('plays blocks by weight, numbered from 1, without an end', async () => {
      const made = provider({ file });
      const cursor = (made.create(fakeDeps()) as Pullable<ScenarioAmmo>).open(fakeDeps().scheduler);
      const first = Array.from({ length: 7 }, () => cursor.poll() as ScenarioAmmo);
      assert.equal(drawing(first), '1x 2x 3z 4x 5x 6z 7x');
      assert.equal(cursor.left(), Number.POSITIVE_INFINITY);
      assert.equal(made.traits.endless, true);
      assert.deepEqual(first[0]?.requests, ['a(2)', 'b']);
      // Each scenario is one value, so that guns build it once.
      assert.equal(first[0]?.scenario, first[1]?.scenario);
    });

    const ENDS: readonly (readonly [options: object, drawing: string])[] = [
      [{ limit: 4 }, '1x 2x 3z 4x'],
      [{ passes: 2 }, '1x 2x 3z 4x 5x 6z'],
      [{ passes: 2, limit: 4 }, '1x 2x 3z 4x'],
      [{ passes: 1, limit: 100 }, '1x 2x 3z'],
    ];
    for (const [options, expected] of ENDS) {
      it(`delivers all and ends with ${JSON.stringify(options)}`, async () => {
        assert.equal(drawing(await draw({ file, ...options })), expected);
        assert.equal(provider({ file, ...options }).traits.endless, false);
      });
    }

    it('shares of a run together are the whole run', async () => {
      const shares = await Promise.all([0, 1, 2].map((index) => draw({ file, passes: 4 }, { index, of: 3 })));
      assert.deepEqual(
        shares.map((share) => share.map(({ id }) => id)),
        [
          [1, 4, 7, 10],
          [2, 5, 8, 11],
          [3, 6, 9, 12],
        ],
      );
      const whole = shares.flat().sort((a, b) => a.id - b.id);
      assert.equal(drawing(whole), drawing(await draw({ file, passes: 4 })));
    });

    it('knows how many requests it sends', () => {
      const { requestsIn } = provider({ file }).traits;
      assert.deepEqual(
        [0, 1, 2, 3, 4, 7, 3_000_000_000].map((n) => requestsIn?.(n)),
        [0, 3, 6, 7, 10, 17, 7_000_000_000],
      );
      assert.equal(requestsIn?.(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
      assert.equal(provider({ file, passes: 1, limit: 2 }).traits.requestsIn?.(100), 6);
    });

    it('describes itself, names its file and makes ammo for the guns of scenario files', () => {
      const made = provider({ file, passes: 1 });
      assert.equal(made.describe(), `http/scenario from ${file}: 2 scenarios, 3 starts with 7 requests in a round`);
      assert.deepEqual(made.traits.files, [{ path: file, access: 'read', key: 'file' }]);
      assert.deepEqual(made.traits.makes, ['http/scenario']);
    });

    it('finds its file and those of its sources in the folder of the config', () => {
      writeFileSync(join(folder, 'users.csv'), 'name\nann\n');
      const source = '{type: file/csv, name: users, file: users.csv, fields: [name]}';
      writeFileSync(join(folder, 'sourced.yaml'), `variable_sources: [${source}]\n${YAML}`);
      const codec = pathsIn(pluginCodecs(builtins()).provider, folder);
      const decoded = codec.decode({ type: 'http/scenario', file: 'sourced.yaml' });
      assert.ok(isRight(decoded));
      assert.deepEqual(
        decoded.right.traits.files?.map(({ path }) => path),
        [join(folder, 'sourced.yaml'), join(folder, 'users.csv')],
      );
    });

    it('accepts the other keys of Pandora, and no others', () => {
      assert.ok('create' in configured({ file, continueonerror: true, maxammosize: 5, numbers: 'go' }));
      assert.deepEqual(
        (configured({ file, chosencases: [] }) as CodecIssue[]).map(({ code }) => code),
        ['unknown-key'],
      );
      assert.deepEqual(
        (configured({}) as CodecIssue[]).map(({ code }) => code),
        ['required'],
      );
      assert.deepEqual(
        (configured({ file: '', limit: -1 }) as CodecIssue[]).map(({ code }) => code),
        ['required', 'negative-number'],
      );
    });

    it('tells issues of the file at their places in it', () => {
      const [issue] = configured({ file: broken }) as CodecIssue[];
      assert.equal(issue?.code, 'one-of');
      assert.equal(issue?.file?.name, broken);
    });

    it('takes references from the environment of the config', () => {
      const path = join(folder, 'env.yaml');
      writeFileSync(path, 'requests: [{name: a, uri: "${X}"}]\nscenarios: [{name: s, requests: [a]}]\n');
      assert.deepEqual(
        (configured({ file: path }) as CodecIssue[]).map(({ code }) => code),
        ['bad-reference'],
      );
      assert.ok('create' in configured({ file: path }, { references: { env: { X: '/' }, readFile: () => '' } }));
    });
  });
});
