import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { CodecIssue } from '../../../lib/codec/issue.js';
import { Reference } from '../../../lib/codec/reference.js';
import { pluginCodecs } from '../../../lib/plugin/pluginCodecs.js';
import { isPlan } from '../../../lib/plugin/userValue.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { probeRegistry } from '../config/probe.js';

const { schedule, sink, source, gun, provider, middleware } = pluginCodecs(probeRegistry());

function issueOf(codec: t.Mixed, raw: unknown): CodecIssue {
  const result = codec.decode(raw);
  assert.ok(isLeft(result), JSON.stringify(raw));
  assert.equal(result.left.length, 1);
  return result.left[0] as CodecIssue;
}
const described = ({ context, code }: CodecIssue): string => `${context.map(({ key }) => key).join('/')} ${code}`;

const REFUSED: readonly (readonly [sentence: string, codec: t.Mixed, raw: unknown, issue: string])[] = [
  ['a scalar', gun, 5, ' not-a-map'],
  ['a name alone', gun, 'fake', ' not-a-map'],
  ['a list, for what is no schedule', gun, [], ' not-a-map'],
  ['a reference', gun, new Reference('fake', '${GUN}'), ' not-a-map'],
  ['a reference for a schedule', schedule, new Reference('fake', '${RPS}'), ' not-a-map'],
  ['a reference for a sink', sink, new Reference('out', '${OUT}'), ' not-a-map'],
  ['a reference for a source', source, new Reference('in', '${IN}'), ' not-a-map'],
  ['no type', gun, {}, ' missing-type'],
  ['no type, but options', gun, { target: 'a' }, ' missing-type'],
  ['two types', gun, { type: 'fake', Type: 'fake' }, '/Type duplicate-key'],
  ['a type that is a number', gun, { TYPE: 5 }, '/TYPE wrong-type'],
  ['a type that is null', gun, { type: null }, '/type wrong-type'],
  ['an unknown type', gun, { type: 'nope' }, '/type unknown-plugin-type'],
  ['a type of another kind', gun, { type: 'probe' }, '/type unknown-plugin-type'],
  ['a type in another case', gun, { type: 'Fake' }, '/type unknown-plugin-type'],
  ['a type with blanks', gun, { type: ' fake' }, '/type unknown-plugin-type'],
  ['a kind of which there is none', middleware, { type: 'a' }, '/type unknown-plugin-type'],
  ['an unknown option', gun, { type: 'fake', a: 1 }, '/a unknown-key'],
  ['an option in a list of schedules', schedule, [{ type: 'once', times: 0 }], '/0/times min'],
  ['an unknown type in a list of lists', schedule, [[], [{ type: 'a' }]], '/1/0/type unknown-plugin-type'],
  [
    'the same, written in full',
    schedule,
    { type: 'composite', nested: [{ type: 'a' }] },
    '/nested/0/type unknown-plugin-type',
  ],
  ['a scalar in a list of schedules', schedule, [5], '/0 not-a-map'],
  ['a number for a sink', sink, 5, ' not-a-map'],
];

describe('plugin codecs', () => {
  for (const [sentence, codec, raw, issue] of REFUSED) {
    it(`refused: ${sentence}`, () => assert.equal(described(issueOf(codec, raw)), issue));
  }

  it('tell what exists, and what was probably meant', () => {
    const unknown = issueOf(provider, { type: 'prob' });
    assert.equal(unknown.expected, 'one of probe');
    assert.equal(unknown.hint, 'did you mean probe?');
    assert.equal(issueOf(provider, { type: 'Probe ' }).hint, 'write it exactly like this: probe');
    assert.equal(issueOf(provider, { type: 'xyz' }).hint, undefined);
    assert.equal(issueOf(gun, 'fake').hint, 'write {type: fake}');
    assert.match(issueOf(middleware, { type: 'a' }).expected, /none/);
  });

  it('find the key type in any case, and make the component with its decoded options', () => {
    const result = schedule.decode({ TYPE: 'once', Times: 3 });
    if (isLeft(result)) assert.fail();
    const { kind, name, options } = result.right;
    assert.deepEqual({ kind, name, options }, { kind: 'schedule', name: 'once', options: { times: 3 } });
    const [first, second] = [result.right.create(fakeDeps()), result.right.create(fakeDeps())];
    assert.ok(isPlan(first) && first.count === 3);
    assert.notEqual(first, second);
  });

  it('take a list of schedules for a composite, at any depth', () => {
    const once = { type: 'once', times: 2 };
    const result = schedule.decode([once, [once, [once]], { type: 'composite', nested: [once] }, []]);
    if (isLeft(result)) assert.fail();
    const plan = result.right.create(fakeDeps());
    assert.ok(isPlan(plan));
    assert.equal(plan.count, 8);
  });

  it('take text for a sink or a source', () => {
    const rows: readonly (readonly [codec: t.Mixed, written: string, name: string, config: unknown])[] = [
      [sink, 'stdout', 'stdout', {}],
      [sink, 'stderr', 'stderr', {}],
      [sink, './a.log', 'file', { path: './a.log' }],
      [sink, 'stdin', 'file', { path: 'stdin' }],
      [source, 'stdin', 'stdin', {}],
      [source, 'https://a/b', 'url', { url: 'https://a/b' }],
      [source, 'a.json', 'file', { path: 'a.json' }],
    ];
    for (const [codec, written, name, options] of rows) {
      const result = codec.decode(written);
      if (isLeft(result)) assert.fail(written);
      const chosen = result.right as { name: string; options: unknown };
      assert.deepEqual([chosen.name, chosen.options], [name, options]);
    }
  });

  it('take a component that is configured already as it is, if it is of the kind', () => {
    const guns = { create: () => ({ shoot: () => [] }) };
    const chosen = { kind: 'gun', name: 'own', options: {}, create: () => guns, describe: () => 'own', traits: {} };
    const result = gun.decode(chosen);
    assert.ok(!isLeft(result) && result.right === (chosen as unknown));
    assert.equal(described(issueOf(provider, chosen)), ' missing-type');
    assert.ok(gun.is(chosen) && !gun.is({ type: 'fake' }));
  });
});
