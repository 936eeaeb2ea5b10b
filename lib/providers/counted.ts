import { integer, unsigned } from '../codec/scalars.js';
import { optional, struct } from '../codec/struct.js';
import { component } from '../plugin/component.js';
import type { EmptyAmmo, NumberAmmo } from '../protocols/plainAmmo.js';
import { CountedCursor } from '../pull/countedCursor.js';
import { Pullable } from '../pull/pullable.js';

function emptyAmmo(index: number): EmptyAmmo {
  return { protocol: 'empty', id: index + 1, tag: '' };
}

const howMany = (limit: number): string => (limit <= 0 ? 'endless' : `${limit.toLocaleString('en-US')} ammo`);

/** The `dummy` provider: endless empty ammo, for guns that need none. @example dummy() */
export const dummy = component({
  kind: 'provider',
  name: 'dummy',
  summary: 'Endless empty ammo, for guns that need none.',
  example: { limit: 1000 },
  options: struct('dummy ammo', {
    /** How many; 0 for no limit. */
    limit: optional(unsigned, 0, 'how many; 0 for no limit'),
  }),
  create: ({ limit }, { scheduler, share }) =>
    new Pullable(() => new CountedCursor(limit, share, emptyAmmo), { scheduler }),
  describe: ({ limit }) => `dummy, ${howMany(limit)}`,
  traits: ({ limit }) => ({ makes: ['empty'], endless: limit <= 0 }),
});

function numberAmmo(index: number): NumberAmmo {
  return { protocol: 'number', id: index + 1, tag: '', value: index };
}

/** The `num` provider: 0, 1, 2, ... @example num({ limit: 10 }) */
export const num = component({
  kind: 'provider',
  name: 'num',
  summary: 'The numbers 0, 1, 2, ...',
  example: { limit: 1000 },
  options: struct('num ammo', {
    /** How many numbers; 0 or less for no limit. */
    limit: optional(integer, 0, 'how many numbers; 0 or less for no limit'),
  }),
  create: ({ limit }, { scheduler, share }) =>
    new Pullable(() => new CountedCursor(limit, share, numberAmmo), { scheduler }),
  describe: ({ limit }) => `num, ${howMany(limit)}`,
  traits: ({ limit }) => ({ makes: ['number'], endless: limit <= 0 }),
});
