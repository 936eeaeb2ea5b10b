import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, EMPTY, ignoreElements, NEVER, Observable, of, Subject, tap, throwError, timer } from 'rxjs';
import { observed } from '../../../lib/engine/observed.js';
import type { RunEvent, RunObserver } from '../../../lib/engine/runEvent.js';
import { RunSteering } from '../../../lib/engine/runHandle.js';
import { FakeLog, VirtualClock } from '../../../lib/testing/index.js';

const event = (message: string): RunEvent => ({ type: 'warning', at: 0, message, fields: {} });
const wordOf = (of: RunEvent): string =>
  of.type === 'warning' || of.type === 'observer-failed' ? of.message : of.type;

/** Passes events to observers; records what the run and each observer received, in order. */
function watched(events: Observable<RunEvent>, observers: Readonly<Record<string, RunObserver>>) {
  const clock = new VirtualClock(0);
  const log = new FakeLog();
  const seen: string[] = [];
  const named = Object.entries(observers).map(([name, observer]) => ({ name, observer }));
  const subscription = observed(events, named, {
    ...{ log, scheduler: clock, waits: clock },
    handle: new RunSteering(clock, false),
  }).subscribe({
    next: (one) => seen.push(wordOf(one)),
    error: (error: Error) => seen.push(`# ${error.message}`),
    complete: () => seen.push(`| at ${clock.now()}`),
  });
  return { clock, log, seen, subscription };
}

/** An observer that records its events. */
const recording =
  (notes: string[]): RunObserver =>
  (events) =>
    events.pipe(
      tap({ next: (one) => notes.push(wordOf(one)), complete: () => notes.push('|'), error: () => notes.push('#') }),
      ignoreElements(),
    );
/** An observer that does something at each event. */
const doing =
  (each: (word: string) => void): RunObserver =>
  (events) =>
    events.pipe(
      tap((one) => each(wordOf(one))),
      ignoreElements(),
    );
const failure = (): never => {
  throw new Error('boom');
};

describe('observed', () => {
  it('shows every event to every observer and to the subscriber', () => {
    const [a, b]: [string[], string[]] = [[], []];
    const { seen } = watched(of(event('1'), event('2')), { a: recording(a), b: recording(b) });
    assert.deepEqual(
      [seen, a, b],
      [
        ['1', '2', '| at 0'],
        ['1', '2', '|'],
        ['1', '2', '|'],
      ],
    );
  });

  it('completes the events of observers when the run fails, and then fails', () => {
    const notes: string[] = [];
    const { seen } = watched(
      concat(
        of(event('1')),
        throwError(() => new Error('the run failed')),
      ),
      { a: recording(notes) },
    );
    assert.deepEqual(
      [seen, notes],
      [
        ['1', '# the run failed'],
        ['1', '|'],
      ],
    );
  });

  it('completes the events of observers when the run is unsubscribed from', () => {
    const notes: string[] = [];
    const events = new Subject<RunEvent>();
    const { subscription } = watched(events, { a: recording(notes) });
    events.next(event('1'));
    subscription.unsubscribe();
    assert.deepEqual([notes, events.observed], [['1', '|'], false]);
  });

  const FAILURES: readonly (readonly [what: string, observer: RunObserver])[] = [
    ['throws when it is called', failure],
    ['throws when it is subscribed to', () => new Observable<never>(failure)],
    ['throws at an event', doing(failure)],
    ['errors', () => throwError(() => new Error('boom'))],
  ];
  for (const [what, observer] of FAILURES)
    it(`continues when an observer ${what}: it is reported once, and the others get all events`, () => {
      const notes: string[] = [];
      const { seen, log } = watched(of(event('1'), event('2')), { broken: observer, other: recording(notes) });
      const message = 'observer "broken": boom';
      for (const list of [seen, notes]) {
        assert.deepEqual(
          list.filter((word) => word === '1' || word === '2'),
          ['1', '2'],
        );
        assert.equal(
          list.filter((word) => word === message).length,
          list === seen ? 1 : list.includes(message) ? 1 : 0,
        );
      }
      assert.equal(seen.at(-1), '| at 0');
      assert.deepEqual(
        log.lines.map((line) => [line.level, line.message]),
        [['error', message]],
      );
    });

  it('continues when an observer fails at the end', () => {
    const late: RunObserver = (events) =>
      concat(
        events.pipe(ignoreElements()),
        throwError(() => new Error('disk full')),
      );
    const { seen } = watched(of(event('1')), { late });
    assert.deepEqual(seen, ['1', 'observer "late": disk full', '| at 0']);
  });

  it('emits events in the same order to all, also an event that arrives while another is emitted', () => {
    const notes: string[] = [];
    const events = new Subject<RunEvent>();
    const asking = doing((word) => {
      if (word === '1') events.next(event('2'));
    });
    const { seen } = watched(events, { asking, other: recording(notes) });
    events.next(event('1'));
    assert.deepEqual(
      [seen, notes],
      [
        ['1', '2'],
        ['1', '2'],
      ],
    );
  });

  it('waits for observers that are not done when the run ends', () => {
    let clock: VirtualClock | undefined;
    const writing: RunObserver = (events) =>
      concat(
        events.pipe(ignoreElements()),
        new Observable<never>((file) => {
          file.add(clock?.schedule(() => file.complete(), 700));
        }),
      );
    const events = new Subject<RunEvent>();
    const run = watched(events, { writing });
    clock = run.clock;
    events.complete();
    assert.deepEqual(run.seen, []);
    run.clock.run();
    assert.deepEqual([run.seen, run.log.lines], [['| at 700'], []]);
  });

  it('waits for 5 seconds at most', () => {
    let closed = 0;
    const never: RunObserver = () => new Observable<never>(() => () => closed++);
    const { seen, clock } = watched(EMPTY, { never });
    clock.run();
    assert.deepEqual(
      [seen, closed],
      [['observer "never": did not complete within 5 s after the end of the run', '| at 5000'], 1],
    );
  });

  it('accepts an observer that completes before the run', () => {
    const { seen } = watched(of(event('1')), { early: () => EMPTY });
    assert.deepEqual(seen, ['1', '| at 0']);
  });

  it('is the run itself without observers', () => {
    const events = timer(1).pipe(ignoreElements());
    assert.equal(
      observed(events, [], {
        log: new FakeLog(),
        scheduler: new VirtualClock(),
        handle: new RunSteering(new VirtualClock(), false),
      }),
      events,
    );
  });

  it('observes each subscription independently', () => {
    let watching = 0;
    const counting: RunObserver = (events) => {
      watching++;
      return events.pipe(ignoreElements());
    };
    const run = observed(NEVER, [{ name: 'a', observer: counting }], {
      log: new FakeLog(),
      scheduler: new VirtualClock(),
      handle: new RunSteering(new VirtualClock(), false),
    });
    for (const _ of [1, 2]) run.subscribe();
    assert.equal(watching, 2);
  });
});
