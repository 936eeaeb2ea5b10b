import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failureScript } from '../../../lib/rehearsal/models/failureScript.js';
import { constantLatency } from '../../../lib/rehearsal/models/latencies.js';
import { queueModel } from '../../../lib/rehearsal/models/queueModel.js';
import { inSeries } from '../../../lib/rehearsal/models/targetModel.js';
import { expectVerdict } from '../../../lib/testing/expectVerdict.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

const config = (more: object, rps: object = { type: 'const', ops: 20, duration: '60s' }) => ({
  pools: [
    {
      id: 'main',
      gun: { type: 'http', target: 'localhost:80' },
      ammo: { type: 'uri', uris: ['/ home'] },
      result: { type: 'discard' },
      rps,
      startup: { type: 'once', times: 50 },
    },
  ],
  ...more,
});
const healthy = constantLatency(20);
/** 503 from second 20 to second 30. */
const outage = inSeries(healthy, failureScript('ok 20s, 503 10s, ok'));

describe('expectVerdict', () => {
  it('a rule stops the run at the end of the window that violates it', async () => {
    await expectVerdict(config({ thresholds: ['errors < 50% over 1s otherwise stop'] }), outage).toStopAt('21s');
    await expectVerdict(config({ thresholds: ['errors < 50% over 1s for 5 otherwise stop'] }), outage).toStopAt('25s');
    await expectVerdict(config({ thresholds: ['errors < 50% over 10s otherwise stop'] }), outage).toStopAt('25s');
    await expectVerdict(config({ thresholds: ['errors < 50% for 11 otherwise stop'] }), outage).toPlayToTheEnd();
  });

  it('rules of Yandex.Tank stop at the same second as there', async () => {
    await expectVerdict(config({ autostop: 'http(5xx,10%,5s)' }), outage).toStopAt('25s');
    await expectVerdict(config({ autostop: ['negative_http(2xx,40%,5s)'] }), outage).toStopAt('22s');
    await expectVerdict(config({ autostop: ['quantile(95,100ms,2s) time(1s,1s)'] }), outage).toPlayToTheEnd();
    await expectVerdict(config({ autostop: 'time(10ms,3s)' }), healthy).toStopAt('3s');
  });

  it('thresholds pass, or are violated at a time', async () => {
    const rules = { thresholds: ['p99(response) < 100ms', 'errors < 20%', 'rate >= 0.98 x planned'] };
    await expectVerdict(config(rules), outage).toPass();
    await expectVerdict(config({ thresholds: 'errors < 1%' }), outage).toViolate('errors < 1%');
    await expectVerdict(config({ thresholds: 'errors < 1% over 2s' }), outage).toViolate('errors < 1% over 2s', '21s');
  });

  it('the verdict has a level and reasons', async () => {
    const slow = queueModel({ servers: 1, service: constantLatency(1000) });
    await expectVerdict(config({}), healthy).toBe('VALID');
    await expectVerdict(config({}), slow).toBe('INVALID', 'not-shot');
    await expectVerdict(config({ verdict: { ignore: ['not-shot', 'missed-rate'] } }), slow).toBe('VALID');
  });

  const failing: readonly [sentence: string, assertion: () => Promise<void>, message: RegExp][] = [
    [
      'another time',
      () => expectVerdict(config({ thresholds: 'errors < 50% over 1s otherwise stop' }), outage).toStopAt('20s'),
      /stopped the run after 21s, not after 20s/,
    ],
    [
      'no stop',
      () => expectVerdict(config({ thresholds: 'errors < 50%' }), outage).toStopAt('20s'),
      /expected that a rule stops the run, but the plan ended after 1m/,
    ],
    [
      'a stop',
      () => expectVerdict(config({ thresholds: 'errors < 50% over 1s otherwise stop' }), outage).toPlayToTheEnd(),
      /stopped after 21s: errors < 50% over 1s was 100 %/,
    ],
    [
      'a violated threshold',
      () => expectVerdict(config({ thresholds: 'errors < 1%' }), outage).toPass(),
      /violated: errors < 1% was 16\.67 %/,
    ],
    [
      'a threshold that is not violated',
      () => expectVerdict(config({ thresholds: 'errors < 99%' }), outage).toViolate('errors < 99%'),
      /expected that errors < 99% is violated/,
    ],
    [
      'a threshold that does not exist',
      () => expectVerdict(config({}), outage).toViolate('errors < 99%'),
      /there is no threshold errors < 99%/,
    ],
    ['another level', () => expectVerdict(config({}), healthy).toBe('INVALID'), /VALID/],
    [
      'a time that is none',
      () => expectVerdict(config({ thresholds: 'errors < 50% over 1s otherwise stop' }), outage).toStopAt('soon'),
      /"soon" is not a duration/,
    ],
    [
      'a run that fails by itself',
      () => expectVerdict(config({}, { type: 'const', ops: -1, duration: '1s' }), healthy).toPass(),
      /ops/,
    ],
  ];
  for (const [sentence, assertion, message] of failing)
    it(`rejects for ${sentence}`, () => assert.rejects(assertion, message));

  it('takes no real time', async () => {
    assert.ok(new VirtualClock(0).now() === 0);
    await expectVerdict(
      config({ thresholds: 'errors < 1%' }, { type: 'const', ops: 2, duration: '1h' }),
      healthy,
    ).toPass();
  });
});
