import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DONE, PENDING } from '../../../../lib/core/cursor.js';
import { WHOLE } from '../../../../lib/core/deps.js';
import type { Tick } from '../../../../lib/core/plan.js';
import { ControlState, DRAW } from '../../../../operators/ticks/control/controlState.js';
import { double, type Event, fast, none, pause, play, resume, stop } from './playEvents.js';

describe('the short way of ticks before the first command', () => {
  const at = (index: number, moment: number): Tick => ({ index, at: moment });

  it('begins after the first tick and ends with the first command', () => {
    const state = new ControlState(WHOLE);
    assert.equal(state.isPlain, false);
    assert.equal(state.next(0), DRAW);
    state.drawn(at(0, 0));
    state.next(0);
    assert.equal(state.isPlain, true);
    assert.equal(state.passes(at(1, 10), 10), true);
    assert.equal(state.isPlain, true);
    state.steer(double, 11);
    assert.equal(state.isPlain, false);
  });

  for (const [sentence, polled, now, expected] of [
    ['a tick that is not due yet', at(1, 10), 9, 'PENDING'],
    ['a tick without a moment', at(1, Number.NaN), 9, 'PENDING'],
    ['a source without a tick', PENDING, 9, 'DRAW'],
    ['the end of the source', DONE, 60, 'DONE'],
  ] as const)
    it(`is left for ${sentence}`, () => {
      const { state } = play([[0, '?']]);
      assert.equal(state.passes(polled, now), false);
      assert.equal(state.isPlain, false);
      state.again();
      assert.equal(state.next(now), { PENDING, DRAW, DONE }[expected]);
    });

  it('is left when the poll of the source caused a command', () => {
    const { state } = play([[0, '?']]);
    state.steer(pause, 10);
    assert.equal(state.passes(at(1, 10), 10), false);
    assert.equal(state.next(10), PENDING);
    state.steer(resume, 15);
    assert.deepEqual(state.next(15), at(1, 15));
  });

  it('numbers and spaces the ticks of a later rate like the long way', () => {
    const events: Event[] = [
      [0, '?'],
      [10, '?'],
      [20, '?'],
      [22, fast],
      [100, '?'],
      [100, '?'],
    ];
    assert.equal(play(events).steps, '#0@0 #1@10 #2@20 #3@26 #4@31');
  });
});

describe('the end of steered ticks', () => {
  it('moves with pauses and speeds, and is unknown when the source does not know it or it is over', () => {
    assert.equal(
      play([
        [0, '?'],
        [10, pause],
        [30, resume],
      ]).state.finish,
      70,
    );
    assert.equal(
      play([
        [0, '?'],
        [10, double],
      ]).state.finish,
      30,
    );
    assert.equal(play([[0, '?']], { finish: undefined }).state.finish, undefined);
    assert.equal(
      play([
        [0, stop],
        [0, '?'],
      ]).state.finish,
      undefined,
    );
  });

  const EXHAUSTED: readonly [sentence: string, events: readonly Event[], left: number | undefined, is: boolean][] = [
    ['not while the source has ticks', [[0, '?']], 4, false],
    ['when the source has none left', [[0, '?']], 0, true],
    ['not when that is unknown', [[0, '?']], undefined, false],
    [
      'not while a tick is held',
      [
        [0, '?'],
        [0, '?'],
      ],
      0,
      false,
    ],
    [
      'not in a pause, since commands may follow',
      [
        [0, '?'],
        [5, pause],
      ],
      0,
      false,
    ],
    [
      'not while a command was not executed yet',
      [
        [0, '?'],
        [5, fast],
      ],
      0,
      false,
    ],
    [
      'not while a rate has ticks before the end',
      [
        [0, '?'],
        [5, fast],
        [5, '?'],
      ],
      0,
      false,
    ],
    [
      'when a rate has none before the end',
      [
        [0, '?'],
        [5, none],
        [5, '?'],
      ],
      4,
      true,
    ],
  ];
  for (const [sentence, events, left, is] of EXHAUSTED)
    it(`is certain ${sentence}`, () => assert.equal(play(events).state.isExhausted(left), is));
});
