import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  CONNECTION_PHASES,
  type ConnectionCounts,
  hasConnections,
  mergeConnections,
  NO_CONNECTIONS,
  openConnections,
  reusedRatio,
} from '../../../lib/measure/connectionCounts.js';
import { connectionsFromJson, connectionsToJson } from '../../../lib/measure/connectionJson.js';
import { ConnectionRecorder } from '../../../lib/measure/connectionRecorder.js';
import { emptyWindow, mergeWindows } from '../../../lib/measure/window.js';
import { windowFromJson, windowToJson } from '../../../lib/measure/windowJson.js';
import { WindowSum } from '../../../lib/measure/windowSum.js';
import { connectionsJson, connectionsText } from '../../../lib/report/connections.js';

type Step = (recorder: ConnectionRecorder) => void;

const ms = fc.double({ min: 0, max: 8_000_000, noNaN: true });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ dns: ms, connect: ms, tls: ms }, { requiredKeys: [] }).map(
    (phases): Step =>
      (recorder) =>
        recorder.opened(phases),
  ),
  fc.constant<Step>((recorder) => recorder.failed()),
  fc.constant<Step>((recorder) => recorder.reused()),
  fc.constantFrom('generator' as const, 'target' as const, 'broken' as const).map(
    (by): Step =>
      (recorder) =>
        recorder.closed(by),
  ),
  fc.tuple(ms, ms).map(
    ([wait, receive]): Step =>
      (recorder) =>
        recorder.exchanged(wait, receive),
  ),
);
const steps = fc.array(step, { maxLength: 30 });

function countsOf(list: readonly Step[]): ConnectionCounts {
  const recorder = new ConnectionRecorder();
  for (const each of list) each(recorder);
  return recorder.take();
}

describe('ConnectionRecorder', () => {
  it('counts what happens between two readings', () => {
    const recorder = new ConnectionRecorder();
    recorder.opened({ dns: 1, connect: 2, tls: 3 });
    recorder.opened();
    recorder.failed();
    recorder.reused();
    recorder.exchanged(10, 5);
    for (const by of ['generator', 'target', 'target', 'broken', 'broken', 'broken'] as const) recorder.closed(by);
    const { phases, ...numbers } = recorder.take();
    assert.deepEqual(numbers, {
      ...{ opened: 2, failed: 1, reused: 1, closedByTarget: 2, closedByGenerator: 1, broken: 3 },
    });
    assert.deepEqual(
      CONNECTION_PHASES.map((phase) => [phase, phases[phase].count, phases[phase].maxUs]),
      [
        ['dns', 1, 1000],
        ['connect', 1, 2000],
        ['tls', 1, 3000],
        ['wait', 1, 10_000],
        ['receive', 1, 5000],
      ],
    );
    assert.equal(recorder.take(), NO_CONNECTIONS);
  });

  it('property: the counts of parts, merged in any order and grouping, are those of the whole', () => {
    fc.assert(
      fc.property(steps, steps, steps, (a, b, c) => {
        const [x, y, z] = [countsOf(a), countsOf(b), countsOf(c)];
        const whole = countsOf([...a, ...b, ...c]);
        assert.deepEqual(mergeConnections(mergeConnections(x, y), z), whole);
        assert.deepEqual(mergeConnections(z, mergeConnections(y, x)), whole);
      }),
    );
  });
});

describe('the connections of windows', () => {
  const windowOf = (list: readonly Step[]) => ({ ...emptyWindow(0), connections: countsOf(list) });

  it('property: are merged, added up and written as JSON without a loss', () => {
    fc.assert(
      fc.property(steps, steps, (a, b) => {
        const [x, y] = [windowOf(a), windowOf(b)];
        const whole = windowOf([...a, ...b]);
        assert.deepEqual(mergeWindows(x, y), whole);
        const sum = new WindowSum();
        for (const window of [x, y]) sum.add(window);
        assert.deepEqual(sum.window, whole);
        assert.deepEqual(windowFromJson(JSON.parse(JSON.stringify(windowToJson(whole)))), whole);
        assert.deepEqual(connectionsFromJson(connectionsToJson(whole.connections)), whole.connections);
      }),
    );
  });

  it('are none in the JSON of older versions', () => {
    const { connections, ...older } = windowToJson(windowOf([(recorder) => recorder.opened()]));
    assert.notEqual(connections, undefined);
    assert.equal(windowFromJson(older).connections, NO_CONNECTIONS);
  });

  it('tell how many are open, and which part of the requests had one', () => {
    const counts = { ...NO_CONNECTIONS, opened: 10, reused: 30, closedByTarget: 1, closedByGenerator: 2, broken: 3 };
    assert.equal(openConnections(counts), 4);
    assert.equal(reusedRatio(counts), 0.75);
    assert.equal(reusedRatio(NO_CONNECTIONS), null);
    assert.equal(hasConnections(NO_CONNECTIONS), false);
    assert.ok(hasConnections({ ...NO_CONNECTIONS, failed: 1 }));
  });
});

describe('the connections of a summary', () => {
  const counts = countsOf([
    ...Array.from({ length: 50 }, (): Step => (recorder) => recorder.opened({ connect: 0.4 })),
    ...Array.from({ length: 24_950 }, (): Step => (recorder) => recorder.reused()),
  ]);

  it('are one line, with what is unusual', () => {
    assert.equal(connectionsText(counts), '50 opened, 99.80 % reused; p99 ms: connect 0.400');
    const unusual = countsOf([
      (recorder) => recorder.opened({ dns: 1, connect: 2, tls: 3 }),
      (recorder) => recorder.closed('target'),
      (recorder) => recorder.opened(),
      (recorder) => recorder.closed('broken'),
      (recorder) => recorder.failed(),
    ]);
    assert.equal(
      connectionsText(unusual),
      '2 opened, 0.00 % reused, 1 not opened, 1 closed by the target, 1 broken; p99 ms: DNS 1.000, connect 2.000, TLS 3.000',
    );
    assert.equal(connectionsText(NO_CONNECTIONS), undefined);
  });

  it('are plain data', () => {
    const { phasesMs, ...numbers } = connectionsJson(counts) ?? assert.fail('there are connections');
    assert.deepEqual(numbers, {
      ...{ opened: 50, failed: 0, reused: 24_950, closedByTarget: 0, closedByGenerator: 0, broken: 0 },
      ...{ reusedRatio: 0.998, open: 50 },
    });
    assert.deepEqual(Object.keys(phasesMs), ['connect']);
    assert.deepEqual([phasesMs.connect?.count, phasesMs.connect?.max], [50, 0.4]);
    assert.equal(connectionsJson(NO_CONNECTIONS), undefined);
  });
});
