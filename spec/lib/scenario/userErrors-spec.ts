import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatMap, map, NEVER, type Observable } from 'rxjs';
import { isElpisError } from '../../../lib/core/errors.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { generatorFeeder } from '../../../lib/scenario/feeders/rowsFeeder.js';
import { scenario } from '../../../lib/scenario/scenario.js';
import { scenarioGuns } from '../../../lib/scenario/scenarioGun.js';
import type { NoVars, Step } from '../../../lib/scenario/session.js';
import { branch } from '../../../lib/scenario/steps/branch.js';
import { check } from '../../../lib/scenario/steps/check.js';
import { extract } from '../../../lib/scenario/steps/extract.js';
import { feed } from '../../../lib/scenario/steps/feed.js';
import { group } from '../../../lib/scenario/steps/group.js';
import { loop, whileTrue } from '../../../lib/scenario/steps/loops.js';
import { parallel } from '../../../lib/scenario/steps/parallel.js';
import { raceTimeout } from '../../../lib/scenario/steps/raceTimeout.js';
import { get, post } from '../../../lib/scenario/steps/request.js';
import { retry } from '../../../lib/scenario/steps/retry.js';
import { send } from '../../../lib/scenario/steps/send.js';
import { pause } from '../../../lib/scenario/steps/waits.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { play } from './draw.js';

const broken = (): never => {
  throw new RangeError('broken');
};
/** A value that a function of the user returns against its type. */
const promised = (): never => Promise.reject(new Error('too late')) as never;
const home = get('home', '/');

/** A step with a function of the user. */
type Faulty = (fault: () => never) => Step<NoVars, object>;
const places: readonly (readonly [sentence: string, step: Faulty, where: string])[] = [
  ['a check', (fault) => (flow) => flow.pipe(home, check({ 'is fine': fault })), 's: check "is fine"'],
  ['an extractor', (fault) => (flow) => flow.pipe(home, extract({ token: fault })), 's: extract "token"'],
  ['a feeder', (fault) => (flow) => flow.pipe(feed(generatorFeeder<object>(fault))), 's: feeder "generator"'],
  ['a path', (fault) => get('buy', fault), 's: request "buy"'],
  ['a body', (fault) => post('buy', '/buy', { json: fault }), 's: request "buy"'],
  ['a header', (fault) => post('buy', '/buy', { headers: fault }), 's: request "buy"'],
  ['a request of another protocol', (fault) => send('call', fault), 's: request "call"'],
  ['a condition', (fault) => branch(fault, home), 's: branch'],
  ['a condition of a loop', (fault) => whileTrue(fault, home), 's: whileTrue'],
  ['a number of turns', (fault) => loop(fault, home), 's: loop'],
  ['a pause', (fault) => pause(fault), 's: pause'],
  ['a limit', (fault) => raceTimeout(fault, home), 's: raceTimeout'],
  ['a step in a group', (fault) => group('g', pause(fault)), 's/g: pause'],
  ['a step in a retry, at once', (fault) => retry({ tries: 3 }, pause(fault)), 's: pause'],
  ['a step in parallel', (fault) => parallel(pause(fault), home), 's: pause'],
];

describe('an exception in a function of the user', () => {
  for (const [sentence, step, where] of places) {
    it(`in ${sentence} is the error of the run, and names the step`, () => {
      const { error } = play(step(broken));
      assert.ok(isElpisError(error, 'ELPIS_SHOT'), String(error));
      assert.equal(error.message, `${where} failed: broken`);
      assert.ok(error.cause instanceof RangeError);
    });

    it(`a promise from ${sentence} is refused, and its rejection is handled`, async () => {
      const { error } = play(step(promised));
      assert.ok(isElpisError(error, 'ELPIS_SHOT'), String(error));
      assert.ok(error.message.startsWith(`${where} failed: `), error.message);
      assert.match(error.message, /returned a promise, expected a value/);
      // A rejection that is not handled would fail this test.
      await new Promise((resolve) => setImmediate(resolve));
    });
  }

  it('in an operator between the steps names the scenario', () => {
    const { error } = play(map(broken));
    assert.ok(isElpisError(error, 'ELPIS_SHOT'));
    assert.equal(error.message, 'scenario "s" failed: broken');
  });

  it('after a response is not an exception outside of any call', () => {
    const { error } = play(send('call', { method: 'GET', target: '/', path: '/' }, { responded: broken }));
    assert.ok(isElpisError(error, 'ELPIS_SHOT'), String(error));
    assert.equal(error.message, 's: request "call" failed: broken');
  });

  it('a rejection in an operator of the user is the error of the run', async () => {
    const clock = new VirtualClock();
    const transports = { create: () => ({ origin: '', send: () => NEVER }) };
    const deps = { scheduler: clock, random: seededRandom(1), share: { index: 0, of: 1 } };
    const played = scenario('s', (flow) => flow.pipe(concatMap(() => Promise.reject(new Error('late')))));
    const ammo = { protocol: 'scenario', id: 1, tag: 's', scenario: played } as const;
    const gun = scenarioGuns({ transports, deps }).create({ instance: 0 });
    const shot = { index: 0, at: 0, ammo, instance: 0, started: 0, slotWait: 0 };
    const error = await new Promise((resolve) => {
      (gun.shoot(ammo, shot) as Observable<NetSample>).subscribe({ error: resolve });
    });
    assert.ok(isElpisError(error, 'ELPIS_SHOT'));
    assert.equal(error.message, 'scenario "s" failed: late');
  });

  it('a step that returns no flow is refused when the scenario is defined', () => {
    assert.throws(
      () => scenario('s', (() => undefined) as never),
      (error) =>
        isElpisError(error, 'ELPIS_CONFIG') && /a step returned undefined, expected a flow/.test(error.message),
    );
  });
});
