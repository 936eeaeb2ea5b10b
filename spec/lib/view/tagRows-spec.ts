import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tagHistory, tagRows } from '../../../lib/view/tagRows.js';
import { started, windowAt, windowEvent } from './sampleEvents.js';
import { viewOf } from './viewOf.js';

describe('tagRows', () => {
  it('has scenarios, groups and tags with rates, errors and percentiles', () => {
    const window = windowAt(0, [
      { ms: 10, fields: { tag: 'b' } },
      { ms: 20, fields: { tag: 'a' } },
      { ms: 30, fields: { tag: 'a', protoCode: 503 } },
      { ms: 60, fields: { tag: 'visit', scope: 'scenario' } },
      { ms: 40, fields: { tag: 'login', scope: 'group' } },
    ]);
    assert.deepEqual(
      tagRows(window).map(({ tag: name, scope, perSecond, errors, response }) => [
        name,
        scope,
        perSecond,
        errors,
        response?.max,
      ]),
      [
        ['visit', 'scenario', 1, 0, 60],
        ['login', 'group', 1, 0, 40],
        ['a', '', 2, 0.5, 30],
        ['b', '', 1, 0, 10],
      ],
    );
  });

  it('has no rate for a window without length, and no errors when nothing ended', () => {
    const window = windowAt(0, [{ ms: 1, fields: { outcome: 'discarded' } }]);
    assert.deepEqual(
      tagRows({ ...window, to: window.from }).map(({ perSecond, errors, service }) => [perSecond, errors, service]),
      [[null, null, null]],
    );
  });

  it('tagHistory has the last slots, with null where the tag is absent', () => {
    const view = viewOf([
      ...started('main'),
      ...[1, 0, 3].map((count, second) =>
        windowEvent(
          windowAt(
            second,
            Array.from({ length: count }, () => ({ ms: 1, fields: { tag: 'a' } })),
          ),
        ),
      ),
    ]);
    assert.deepEqual(
      tagHistory(view.windows, 'a', 2, ({ ended }) => ended),
      [null, 3],
    );
    assert.deepEqual(
      tagHistory(view.windows, 'a', 9, ({ ended }) => ended),
      [1, null, 3],
    );
  });
});
