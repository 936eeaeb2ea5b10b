import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { struct } from '../../../lib/codec/struct.js';
import { isElpisError } from '../../../lib/core/errors.js';
import { component } from '../../../lib/plugin/component.js';
import { Registry } from '../../../lib/plugin/registry.js';

const gun = (name: string) =>
  component({
    kind: 'gun',
    name,
    summary: '',
    options: struct(name, {}),
    create: () => ({ create: () => ({ shoot: () => [] }) }),
  });
const sink = component({
  kind: 'sink',
  name: 'a',
  summary: '',
  options: struct('a', {}),
  create: () => {
    throw new Error('never made here');
  },
});

describe('registry', () => {
  it('finds a component by kind and exact name', () => {
    const a = gun('a');
    const registry = new Registry().register(a).register(sink);
    assert.equal(registry.find('gun', 'a'), a);
    assert.equal(registry.find('sink', 'a'), sink);
    assert.equal(registry.find('gun', 'A'), undefined);
    assert.equal(registry.find('source', 'a'), undefined);
  });

  it('lists names and components in the order of registration', () => {
    const registry = new Registry().register(gun('b')).register(sink).register(gun('a'));
    assert.deepEqual(registry.names('gun'), ['b', 'a']);
    assert.deepEqual(registry.names('source'), []);
    assert.deepEqual(
      registry.all().map(({ kind, name }) => `${kind} ${name}`),
      ['gun b', 'gun a', 'sink a'],
    );
  });

  it('refuses a name twice within a kind', () => {
    const registry = new Registry().register(gun('a'));
    assert.throws(
      () => registry.register(gun('a')),
      (error) => isElpisError(error, 'ELPIS_PLUGIN') && /gun "a"/.test(error.message),
    );
  });

  it('is copied, not shared', () => {
    const registry = new Registry().register(gun('a'));
    const copy = registry.clone().register(gun('b'));
    assert.deepEqual([registry.names('gun'), copy.names('gun')], [['a'], ['a', 'b']]);
  });
});
