import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CodecIssue } from '../../../lib/codec/issue.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';
import { mixedAmmo } from '../../../lib/providers/mixProvider.js';
import { realTimeScheduler } from '../../../lib/time/realTime.js';
import { ammoRegistry } from './ammoRegistry.js';
import { type Drawn, drain, providerOf } from './drawAmmo.js';

const registry = ammoRegistry().register(mixedAmmo);
const uris = (...list: readonly string[]) => ({ type: 'uri', uris: list });

type Providers = readonly { readonly weight?: unknown; readonly ammo?: unknown }[];

function draw(providers: Providers, options: object = {}, share = { index: 0, of: 1 }): Promise<Drawn<HttpAmmo>> {
  const provider = providerOf<HttpAmmo>({ type: 'mix', providers, ...options }, { share }, registry);
  return drain(provider.open(realTimeScheduler), 1000);
}

const told = ({ ammo }: Drawn<HttpAmmo>): string => ammo.map(({ id, tag }) => `${tag}${id}`).join(' ');

describe('mix', () => {
  it('mixes by weight, 1 by default, and ends with the first that ends', async () => {
    const ended = await draw([
      { weight: 3, ammo: { ...uris('/ a'), limit: 7 } },
      { ammo: { ...uris('/ b'), limit: 2 } },
    ]);
    assert.equal(told(ended), 'a1 a2 b1 a3 a4 a5 b2 a6 a7');
    assert.ok(ended.exhausted && ended.error === undefined);
  });

  it('continues with the others when configured', async () => {
    const providers = [{ ammo: { ...uris('/ a'), limit: 1 } }, { ammo: { ...uris('/ b'), limit: 4 } }];
    assert.equal(told(await draw(providers, { 'when-one-ends': 'continue' })), 'a1 b1 b2 b3 b4');
  });

  it('mixes mixes', async () => {
    const inner = { type: 'mix', providers: [{ ammo: uris('/ a') }, { ammo: uris('/ b') }] };
    const outer = await draw([{ ammo: inner }, { ammo: { ...uris('/ c'), limit: 3 } }]);
    assert.equal(told(outer), 'a1 c1 b1 c2 a2 c3 b2');
  });

  it('passes on the issues of a provider', async () => {
    const { error } = await draw([
      { ammo: uris('/ a') },
      { ammo: { type: 'json', source: { type: 'inline', data: '{bad' } } },
    ]);
    assert.match(String(error), /inline:1/);
  });

  for (const of of [2, 3, 8])
    it(`draws the same ammo in ${of} threads as in one`, async () => {
      const providers = [
        { weight: 5, ammo: { ...uris('/1 a', '/2 a', '/3 a'), limit: 100 } },
        { weight: 2, ammo: { ...uris('/1 b', '/2 b'), limit: 30 } },
        { weight: 1, ammo: { type: 'uri', uris: ['/1 c'] } },
      ];
      const options = { 'when-one-ends': 'continue' };
      const whole = (await draw(providers, options)).ammo.map(({ id, tag }) => `${tag}${id}`);
      const shares = await Promise.all(
        Array.from({ length: of }, (_, index) => draw(providers, options, { index, of })),
      );
      const together = whole.map((_, i) => shares[i % of]?.ammo[Math.floor(i / of)]);
      assert.deepEqual(
        together.map((ammo) => `${ammo?.tag}${ammo?.id}`),
        whole,
      );
    });

  const REFUSED: readonly [what: string, providers: unknown, options: object, path: string, expected: RegExp][] = [
    ['no providers', [], {}, 'providers', /at least one/],
    ['no list', 'uri', {}, 'providers', /list/],
    ['a weight of 0', [{ weight: 0, ammo: uris('/') }], {}, 'weight', /above 0/],
    ['a quoted weight', [{ weight: '1', ammo: uris('/') }], {}, 'weight', /number/],
    ['no ammo', [{ weight: 1 }], {}, 'ammo', /./],
    ['an unknown provider', [{ ammo: { type: 'nothing' } }], {}, 'type', /uri/],
    ['another word', [{ ammo: uris('/') }], { 'when-one-ends': 'stop' }, 'when-one-ends', /end, continue/],
  ];
  for (const [what, providers, options, key, expected] of REFUSED)
    it(`refuses ${what}`, () => {
      assert.throws(
        () => providerOf({ type: 'mix', providers, ...options }, {}, registry),
        ({ issues }: { issues: readonly CodecIssue[] }) => {
          const [issue] = issues;
          const last = issue?.context.at(-1);
          assert.equal(last?.key, key);
          assert.match(`${last?.type.name} ${issue?.message ?? ''}`, expected);
          return true;
        },
      );
    });
});
