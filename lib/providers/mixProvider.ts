import { mixAmmo } from '../../operators/shots/mixAmmo.js';
import { checked } from '../codec/bounds.js';
import { listOf } from '../codec/collections.js';
import { float, oneOf } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import { WHOLE } from '../core/deps.js';
import type { AnyComponent } from '../plugin/anyComponent.js';
import { component } from '../plugin/component.js';
import type { ComponentTraits } from '../plugin/traits.js';
import { dummy, num } from './counted.js';
import { httpAmmoFile, httpJson, raw, uri, uripost } from './http/providers.js';
import { jsonValues } from './jsonProvider.js';

const weight = checked(float, (value) => value > 0, 'a number above 0', 'min');

type ProviderTraits = ComponentTraits['provider'];

/**
 * The traits of the mix: the kinds of ammo and the warnings of all its providers, and whether it ends with the first or with the last.
 */
function mixTraits(each: readonly ProviderTraits[], ends: 'end' | 'continue'): ProviderTraits {
  const makes = each.some((traits) => traits.makes === undefined)
    ? undefined
    : each.flatMap((traits) => traits.makes ?? []);
  const endless =
    ends === 'end' ? each.every((traits) => traits.endless === true) : each.some((traits) => traits.endless === true);
  const hosts = each.flatMap((traits) => traits.hosts ?? []);
  const firsts = each.flatMap(({ first }) => first ?? []);
  const warnings = each.flatMap((traits) => traits.warnings ?? []);
  const files = each.flatMap(({ files: opened = [] }) => opened.map((file) => ({ ...file, key: 'providers' })));
  return {
    ...(makes === undefined ? {} : { makes: [...new Set(makes)] }),
    endless,
    stdin: each.some((traits) => traits.stdin === true),
    ...(files.length === 0 ? {} : { files }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(hosts.length === 0 ? {} : { hosts: (limit) => hosts.reduce((sum, count) => sum + count(limit), 0) }),
    ...(firsts.length === 0 ? {} : { first: (limit) => firsts.flatMap((first) => first(limit)) }),
  };
}

/**
 * The `mix` provider: several providers by weight, with exact shares. All threads use the same order. In a pipeline,
 * `mixAmmo` does the same, with types.
 *
 * @example
 * mixedAmmo({ providers: [{ weight: 9, ammo: uri({ uris: ['/'] }) }, { ammo: uri({ uris: ['/cart'] }) }] });
 */
export const mixedAmmo = component({
  kind: 'provider',
  name: 'mix',
  summary: 'Several providers mixed by weight, with exact shares.',
  example: {
    providers: [
      { weight: 9, ammo: { type: 'uri', uris: ['/'] } },
      { ammo: { type: 'uripost', file: './ammo.uripost' } },
    ],
  },
  parts: (): readonly AnyComponent[] => [uri, uripost, raw, httpJson, httpAmmoFile, jsonValues, num, dummy, mixedAmmo],
  options: ({ provider }) => {
    const entry = struct('a provider of the mix', {
      /** Its share of the ammo, relative to the weights of the others. */
      weight: optional(weight, 1, 'its share of the ammo, relative to the weights of the others'),
      /** The provider. */
      ammo: required(provider, 'the provider'),
    });
    const entries = checked(
      listOf(entry),
      (list) => list.length > 0,
      'a list of { weight, ammo }, at least one',
      'required',
    );
    return struct('mix ammo', {
      /** The providers of the mix. */
      providers: required(entries, 'the providers of the mix'),
      /** Whether the mix ends with the first, or continues with the others. */
      whenOneEnds: optional(
        oneOf(['end', 'continue']),
        'end',
        'whether the mix ends with the first, or continues with the others',
      ),
    });
  },
  create: ({ providers, whenOneEnds }, deps) => {
    const whole = { ...deps, share: WHOLE };
    const { share, scheduler } = deps;
    return mixAmmo(
      providers.map(({ weight, ammo }) => ({ weight, ammo: ammo.create(whole) })),
      { whenOneEnds, share, scheduler },
    );
  },
  describe: ({ providers }) =>
    `mix of ${providers.map(({ weight, ammo }) => `${weight} x ${ammo.describe()}`).join(' and ')}`,
  traits: ({ providers, whenOneEnds }) =>
    mixTraits(
      providers.map(({ ammo }) => ammo.traits),
      whenOneEnds,
    ),
});
