import { EMPTY, NEVER } from 'rxjs';
import { byteSize } from '../../../lib/codec/byteSize.js';
import { listOf } from '../../../lib/codec/collections.js';
import { duration } from '../../../lib/codec/duration.js';
import { flag, float, integer, text, unsigned } from '../../../lib/codec/scalars.js';
import { optional, struct } from '../../../lib/codec/struct.js';
import { component } from '../../../lib/plugin/component.js';
import { Registry } from '../../../lib/plugin/registry.js';
import { constant } from '../../../lib/schedules/const.js';
import { composite } from '../../../lib/schedules/nested.js';
import { once } from '../../../lib/schedules/once.js';

const inner = struct('inner', { size: optional(byteSize, 0, 'a size') });

/** A provider named `probe` with an option of every type, to test how values are decoded. */
export const probe = component({
  kind: 'provider',
  name: 'probe',
  summary: 'Has an option of every type.',
  options: (plugins) =>
    struct('probe', {
      text: optional(text, '', 'text'),
      int: optional(integer, 0, 'a whole number'),
      unsigned: optional(unsigned, 0, 'a whole number, not negative'),
      float: optional(float, 0, 'a number'),
      flag: optional(flag, false, 'true or false'),
      wait: optional(duration, 0, 'a duration'),
      list: optional(listOf(text), [], 'texts'),
      sink: optional(plugins.sink, null, 'a sink'),
      source: optional(plugins.source, null, 'a source'),
      inner: optional(inner, { size: 0 }, 'options inside'),
    }),
  create: () => EMPTY,
});

const gun = component({
  kind: 'gun',
  name: 'fake',
  summary: 'Shoots nothing.',
  options: struct('fake gun', {}),
  create: () => ({ create: () => ({ shoot: () => NEVER }) }),
});
const result = component({
  kind: 'aggregator',
  name: 'discard',
  summary: 'Drops everything.',
  options: struct('discard', {}),
  create: () => () => EMPTY,
});
const stream = (kind: 'sink' | 'source', name: string, key?: string) =>
  component({
    kind,
    name,
    summary: '',
    options: struct(name, key === undefined ? {} : { [key]: optional(text, '', '') }),
    create: () => {
      throw new Error('never made here');
    },
  });

/** A registry of fakes around {@link probe}, with a few real schedules. */
export function probeRegistry(): Registry {
  return new Registry()
    .register(probe)
    .register(gun)
    .register(result)
    .register(constant)
    .register(once)
    .register(composite)
    .register(stream('sink', 'file', 'path'))
    .register(stream('sink', 'stdout'))
    .register(stream('sink', 'stderr'))
    .register(stream('source', 'file', 'path'))
    .register(stream('source', 'stdin'))
    .register(stream('source', 'url', 'url'));
}

/** The text of a config around the given options of {@link probe}. */
export function probeText(options: string, rest = ''): string {
  return `pools:
  - gun: {type: fake}
    ammo: {type: probe, ${options}}
    result: {type: discard}
    rps: {type: once, times: 1}
    startup: {type: once, times: 1}
${rest}`;
}
