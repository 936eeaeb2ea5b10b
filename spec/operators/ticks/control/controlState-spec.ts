import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PENDING } from '../../../../lib/core/cursor.js';
import { WHOLE } from '../../../../lib/core/deps.js';
import { command } from '../../../../operators/ticks/command.js';
import { ControlState, DRAW } from '../../../../operators/ticks/control/controlState.js';
import { double, type Event, fast, none, pause, play, resume, type Source, stop } from './playEvents.js';

const half = command.scaleBy(0.5);

const TABLE: readonly [sentence: string, events: readonly Event[], steps: string, source?: Source][] = [
  ['emits a tick that is due', [[0, '?']], '#0@0'],
  [
    'returns until when to wait for the next',
    [
      [0, '?'],
      [0, '?'],
    ],
    '#0@0 10',
  ],
  [
    'emits an overdue tick with its own moment',
    [
      [0, '?'],
      [13, '?'],
    ],
    '#0@0 #1@10',
  ],
  [
    'takes a tick that is less than 1 µs away',
    [
      [0, '?'],
      [9.9995, '?'],
    ],
    '#0@0 #1@9.9995',
  ],
  [
    'ends at the finish of the plan, not at its last tick',
    [
      [0, '?'],
      [0, '?'],
      [50, '?'],
    ],
    '#0@0 50 |',
    { ticks: [0] },
  ],
  [
    'waits for a source that knows no end and has nothing yet',
    [
      [0, '?'],
      [0, '?'],
    ],
    '#0@0 |',
    { ticks: [0], finish: undefined },
  ],

  [
    'waits for a call in a pause, even for what is overdue',
    [
      [0, '?'],
      [5, pause],
      [15, '?'],
    ],
    '#0@0 -',
  ],
  [
    'shifts by the pause what is not emitted yet',
    [
      [0, '?'],
      [5, pause],
      [25, resume],
      [25, '?'],
      [30, '?'],
    ],
    '#0@0 30 #1@30',
  ],
  [
    'shifts what was overdue in the pause, too',
    [
      [0, '?'],
      [15, pause],
      [25, resume],
      [25, '?'],
    ],
    '#0@0 #1@20',
  ],
  [
    'treats two pauses as one',
    [
      [0, '?'],
      [5, pause],
      [8, pause],
      [25, resume],
      [25, resume],
      [25, '?'],
    ],
    '#0@0 30',
  ],
  [
    'ignores a resume without a pause',
    [
      [0, '?'],
      [5, resume],
      [5, '?'],
    ],
    '#0@0 10',
  ],
  [
    'pauses before the start',
    [
      [0, pause],
      [0, '?'],
      [7, resume],
      [7, '?'],
    ],
    '- #0@7',
  ],
  [
    'ignores a pause and a resume at one moment',
    [
      [0, '?'],
      [5, pause],
      [5, resume],
      [5, '?'],
    ],
    '#0@0 10',
  ],

  [
    'halves the rest of a wait at twice the speed',
    [
      [0, '?'],
      [6, double],
      [6, '?'],
      [8, '?'],
    ],
    '#0@0 8 #1@8',
  ],
  [
    'doubles it at half the speed',
    [
      [0, '?'],
      [6, half],
      [6, '?'],
    ],
    '#0@0 14',
  ],
  [
    'keeps the moment of what was due before a change of speed',
    [
      [0, '?'],
      [15, double],
      [15, '?'],
    ],
    '#0@0 #1@10',
  ],
  [
    'changes the speed before the start',
    [
      [0, double],
      [0, '?'],
      [0, '?'],
    ],
    '#0@0 5',
  ],
  [
    'changes the speed during a pause, from its end on',
    [
      [0, '?'],
      [6, pause],
      [7, double],
      [20, resume],
      [20, '?'],
    ],
    '#0@0 22',
  ],
  [
    'multiplies two speeds at one moment',
    [
      [0, '?'],
      [6, double],
      [6, double],
      [6, '?'],
    ],
    '#0@0 7',
  ],
  [
    'undoes a speed at the same moment',
    [
      [0, '?'],
      [6, double],
      [6, half],
      [6, '?'],
    ],
    '#0@0 10',
  ],

  [
    'finishes the current interval at a new rate',
    [
      [0, '?'],
      [6, fast],
      [6, '?'],
      [8, '?'],
      [8, '?'],
    ],
    '#0@0 8 #1@8 13',
  ],
  [
    'continues the numbering at a new rate',
    [
      [0, '?'],
      [12, '?'],
      [12, fast],
      [20, '?'],
    ],
    '#0@0 #1@10 #2@16',
  ],
  [
    'sets a rate before the start for the whole plan',
    [
      [0, fast],
      [0, '?'],
      [0, '?'],
    ],
    '#0@0 5',
  ],
  [
    'sets a rate during a pause, from its end on',
    [
      [0, '?'],
      [6, pause],
      [7, fast],
      [20, resume],
      [20, '?'],
    ],
    '#0@0 22',
  ],
  [
    'uses the later of two rates at one moment',
    [
      [0, '?'],
      [6, none],
      [6, fast],
      [6, '?'],
    ],
    '#0@0 8',
  ],
  [
    'plays nothing at a rate of 0, and ends with the plan',
    [
      [0, '?'],
      [6, none],
      [6, '?'],
      [50, '?'],
    ],
    '#0@0 50 |',
  ],
  [
    'finishes the rest of an interval after a rate of 0',
    [
      [0, '?'],
      [6, none],
      [6, '?'],
      [20, fast],
      [20, '?'],
    ],
    '#0@0 50 22',
  ],
  [
    'scales a rate that is set',
    [
      [0, '?'],
      [6, fast],
      [6, '?'],
      [7, double],
      [7, '?'],
    ],
    '#0@0 8 7.5',
  ],
  [
    'sets a rate in real time at any speed',
    [
      [0, '?'],
      [5, double],
      [5, fast],
      [5, '?'],
      [7.5, '?'],
      [7.5, '?'],
    ],
    '#0@0 7.5 #1@7.5 12.5',
  ],
  [
    'emits what was due before a new rate',
    [
      [0, '?'],
      [15, fast],
      [15, '?'],
      [15, '?'],
    ],
    '#0@0 #1@10 17.5',
  ],
  [
    'ends a rate at the finish of the plan',
    [
      [0, '?'],
      [48, fast],
      [48, '?'],
      [48, '?'],
      [48, '?'],
      [48, '?'],
      [48, '?'],
      [49, '?'],
      [50, '?'],
    ],
    '#0@0 #1@10 #2@20 #3@30 #4@40 49 #5@49 |',
  ],
  [
    'sets a rate of a share, which plays its part',
    [
      [0, '?'],
      [6, fast],
      [6, '?'],
      [10, '?'],
      [10, '?'],
    ],
    '#1@0 10 #3@10 20',
    { share: { index: 1, of: 2 } },
  ],
  [
    'keeps playing a source underneath a rate when its end is unknown',
    [
      [0, '?'],
      [6, fast],
      [6, '?'],
      [8, '?'],
      [13, '?'],
    ],
    '#0@0 8 #1@8 |',
    { ticks: [0, 10], finish: undefined },
  ],

  [
    'ends at a stop',
    [
      [0, '?'],
      [6, stop],
      [6, '?'],
    ],
    '#0@0 |',
  ],
  [
    'emits what is overdue at a stop, and nothing after it',
    [
      [0, '?'],
      [16, stop],
      [16, '?'],
      [16, '?'],
    ],
    '#0@0 #1@10 |',
  ],
  [
    'ends a pause by a stop',
    [
      [0, '?'],
      [6, pause],
      [20, stop],
      [20, '?'],
    ],
    '#0@0 |',
  ],
  [
    'plays nothing when it is stopped before the start',
    [
      [0, stop],
      [0, '?'],
    ],
    '|',
  ],
  [
    'uses the later of a rate and a stop at one moment',
    [
      [0, '?'],
      [6, fast],
      [6, stop],
      [6, '?'],
    ],
    '#0@0 |',
  ],
  [
    'uses the later of a stop and a rate at one moment',
    [
      [0, '?'],
      [6, stop],
      [6, fast],
      [6, '?'],
    ],
    '#0@0 8',
  ],
  [
    'stays over',
    [
      [0, stop],
      [0, '?'],
      [1, fast],
      [1, '?'],
    ],
    '| |',
  ],
];

describe('ControlState', () => {
  for (const [sentence, events, steps, source] of TABLE)
    it(sentence, () => assert.equal(play(events, source).steps, steps));

  it('waits for a call, not for a moment, while the source has nothing yet', () => {
    const state = new ControlState(WHOLE);
    state.drawn(PENDING);
    assert.deepEqual([state.next(0), state.until, state.isPending], [PENDING, undefined, true]);
    state.again();
    assert.equal(state.next(0), DRAW, 'and asks again');
  });

  it('drops changes that ticks have passed: a state does not grow with the commands', () => {
    const events = Array.from({ length: 40 }, (_, i): Event[] => [
      [i, i % 2 === 0 ? double : half],
      [i, '?'],
      [i, '?'],
    ]).flat();
    const { state } = play(events, { ticks: Array.from({ length: 200 }, (_, i) => i), finish: 200 });
    assert.ok(state.isUnsteered, 'no change is left');
    assert.ok(JSON.stringify(state.time).length < 200, JSON.stringify(state.time));
  });
});
