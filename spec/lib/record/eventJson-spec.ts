import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { emptyWindow } from '../../../lib/measure/window.js';
import { eventFromJson, eventToJson } from '../../../lib/record/eventJson.js';
import { someEvent } from './someEvents.js';

const again = (event: RunEvent): RunEvent | undefined => eventFromJson(JSON.parse(JSON.stringify(eventToJson(event))));
const started = { type: 'pool-started', pool: 'p', at: 1 } as const;

/** A finished run whose summary has these keys besides the required ones. */
const finished = (keys: object) => ({ type: 'run-finished', at: 1, summaries: [], ...keys });

describe('an event as JSON', () => {
  it('is the same event after it was written and read', () => {
    const types = new Set<string>();
    fc.assert(
      fc.property(someEvent, (event) => {
        types.add(event.type);
        assert.deepEqual(again(event), event);
      }),
      { numRuns: 1000 },
    );
    assert.equal(types.size, 17, 'every type of event was made');
  });

  it('begins with its type, so that a reader can choose lines without reading them', () => {
    fc.assert(
      fc.property(someEvent, (event) => {
        assert.ok(JSON.stringify(eventToJson(event)).startsWith(`{"type":"${event.type}"`));
      }),
    );
  });

  it('writes values of users that JSON cannot have as text, up to a depth', () => {
    const circular: Record<string, unknown> = { name: 'a' };
    circular.self = circular;
    const fields = {
      ...{
        many: Number.POSITIVE_INFINITY,
        big: 10n,
        when: new Date(0),
        bytes: new Uint8Array(3),
        map: new Map([['k', new Error('no')]]),
      },
      ...{ run: () => 1, circular, long: Array.from({ length: 2000 }, () => 1) },
    };
    const read = again({ type: 'warning', at: 1, message: 'm', fields });
    assert.ok(read?.type === 'warning');
    const { circular: shown, long, ...rest } = read.fields;
    assert.deepEqual(rest, {
      ...{ many: 'Infinity', big: '10', when: '1970-01-01T00:00:00.000Z', bytes: '3 bytes' },
      map: { k: { message: 'no' } },
    });
    assert.match(JSON.stringify(shown), /^(\{"name":"a","self":){7}"\[object Object\]"\}+$/);
    assert.equal((long as unknown[]).length, 1000);
  });

  it('reads what a newer version has written: unknown keys are left out, and so are events of an unknown type', () => {
    assert.deepEqual(eventFromJson({ ...started, colour: 'red' }), started);
    assert.equal(eventFromJson({ type: 'sunset', at: 1 }), undefined);
    assert.equal(eventFromJson({ type: 'toString', at: 1 }), undefined);
    const failure = { code: 'ELPIS_NEW', message: 'm' };
    assert.deepEqual(eventFromJson(finished({ failure })), finished({ failure: { code: undefined, message: 'm' } }));
  });

  const refused: readonly (readonly [string, unknown, string])[] = [
    ['another value', 7, 'expected an event: an object with a type'],
    ['an object without a type', { at: 1 }, 'expected an event: an object with a type'],
    ['a missing key', { type: 'pool-started', at: 1 }, 'pool-started.pool: expected a text, got nothing'],
    ['a value of the wrong type', { ...started, at: 'now' }, 'pool-started.at: expected a number, got "now"'],
    [
      'a value in a list',
      finished({ verdict: { level: 'VALID', reasons: [{}] } }),
      'run-finished.verdict.reasons[0].code: expected a text, got nothing',
    ],
    [
      'another word',
      finished({ ending: { by: 'magic', text: '' } }),
      'run-finished.ending.by: expected "plan" or "rule" or "user" or "failure", got "magic"',
    ],
    [
      'a command without its number',
      { type: 'command', at: 1, command: { type: 'rate' } },
      'command.command.perSecond: expected a number, got nothing',
    ],
  ];
  for (const [what, json, message] of refused) {
    it(`refuses ${what}, with its place`, () => {
      assert.throws(() => eventFromJson(json), { code: 'ELPIS_RECORD', message });
    });
  }

  it('refuses a histogram in another format', () => {
    const event = eventToJson({ type: 'window', pool: 'p', at: 1, window: emptyWindow(1) });
    const window = { ...(event.window as object), lateness: { sumUs: 1, minUs: 1, maxUs: 1, hdr: 'AAAA' } };
    assert.throws(() => eventFromJson({ ...event, window }), {
      code: 'ELPIS_RECORD',
      message: /^window\.window: histogram: found "AAAA", expected HdrHistogram's V2 compressed format/,
    });
  });
});
