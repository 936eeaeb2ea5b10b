import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { of } from 'rxjs';
import { isElpisError } from '../../../lib/core/errors.js';
import * as scenarios from '../../../lib/scenario/index.js';
import * as operators from '../../../operators/index.js';

/** A function as JavaScript sees it. */
type Untyped = (...given: readonly unknown[]) => unknown;

const step = (flow: unknown): unknown => flow;
const yes = (): boolean => true;

/** Calls as a program in JavaScript may write them, and the message. An operator is called with what `pipe` passes. */
const ROWS: Readonly<Record<string, readonly [given: readonly unknown[], message: string][]>> = {
  // operators
  filterPulled: [
    [[], 'filterPulled: keep is undefined, expected a function'],
    [['x'], 'filterPulled: keep is "x", expected a function'],
  ],
  mapPulled: [[[undefined], 'mapPulled: project is undefined, expected a function']],
  ticks: [
    [[], 'ticks: plan is undefined, expected a plan'],
    [[5], 'ticks: plan is 5, expected a plan'],
    [[{}], 'ticks: plan is an object, expected a plan'],
  ],
  concatTicks: [
    [[5], 'concatTicks: these ticks have no plan; expected a schedule, such as of line(...) or ticks(plan)'],
  ],
  mergeTicks: [[[5], 'mergeTicks: these ticks have no plan; expected a schedule, such as of line(...) or ticks(plan)']],
  mixAmmo: [
    [[], 'mixAmmo: providers is undefined, expected a list'],
    [[[5]], 'mixAmmo: provider 1 is 5, expected an object'],
    [[[{ ammo: [] }]], 'mixAmmo: the weight of provider 1 cannot be undefined; expected a number above 0'],
    [
      [[{ weight: 1 }]],
      'mixAmmo: the ammo of provider 1 is undefined, expected an Observable, a promise or an iterable',
    ],
  ],
  zipAmmo: [
    [[], 'zipAmmo: provider is undefined, expected an Observable, a promise or an iterable'],
    [[{}], 'zipAmmo: provider is an object, expected an Observable, a promise or an iterable'],
  ],
  shoot: [
    [[], 'shoot: gunFactory is undefined, expected a gun'],
    [[5], 'shoot: gunFactory is 5, expected a gun'],
    [[yes], 'shoot: gunFactory is a function, expected a gun'],
    [[{ create: yes }, 5], 'shoot: options is 5, expected an object'],
    [
      [{ create: yes }, { instances: 'x' }],
      'shoot: instances is "x", expected a whole number of at least 0 or an Observable',
    ],
    [
      [{ create: yes }, { instances: 1.5 }],
      'shoot: instances is 1.5, expected a whole number of at least 0 or an Observable',
    ],
    [
      [{ create: yes }, { instances: -1 }],
      'shoot: instances is -1, expected a whole number of at least 0 or an Observable',
    ],
  ],
  drainOn: [
    [[], 'drainOn: notifier is undefined, expected an AbortSignal or an Observable, a promise or an iterable'],
    [[5], 'drainOn: notifier is 5, expected an AbortSignal or an Observable, a promise or an iterable'],
    [[of(1), '5s'], 'drainOn: limitMs is "5s", expected a number of at least 0'],
    [[of(1), -1], 'drainOn: limitMs is -1, expected a number of at least 0'],
  ],
  stopWhen: [[[5], 'stopWhen: condition is 5, expected a function']],
  whenWindow: [[[], 'whenWindow: condition is undefined, expected a function']],
  control: [[[5], 'control: commands is 5, expected an Observable, a promise or an iterable']],
  bufferSamples: [
    [[5], 'bufferSamples: options is 5, expected an object'],
    [[{ copy: 5 }], 'bufferSamples: copy is 5, expected a function'],
  ],
  isolated: [[[null], 'isolated: aggregator is null, expected a function']],
  reportTo: [
    [[5], 'reportTo: aggregator 1 is 5, expected a function'],
    [[yes, of(1)], 'reportTo: aggregator 2 is an object, expected a function'],
  ],
  rollUp: [
    [[5], 'rollUp: options is 5, expected an object'],
    [[{ everyMs: 'x' }], 'rollUp: everyMs is x, expected a number above 0'],
    [[{ key: 5 }], 'rollUp: key is 5, expected a function'],
  ],
  errorRate: [[[], 'errorRate: window is undefined, expected a window']],
  percentile: [
    [[5], 'percentile: window is 5, expected a window'],
    [[{ tags: new Map() }, '99'], 'percentile: p is "99", expected a number'],
  ],
  countsOf: [[[5], 'countsOf: window is 5, expected a window']],
  mergeWindows: [
    [[5], 'mergeWindows: a is 5, expected a window'],
    [[{ tags: new Map() }], 'mergeWindows: b is undefined, expected a window'],
  ],
  windowToJson: [[[{}], 'windowToJson: window is an object, expected a window']],
  windowFromJson: [[['{}'], 'windowFromJson: json is "{}", expected a window as JSON']],
  mergeHistograms: [
    [[], 'mergeHistograms: a is undefined, expected a histogram'],
    [[{ buckets: [] }, 5], 'mergeHistograms: b is 5, expected a histogram'],
  ],
  valueAtPercentile: [[[5, 99], 'valueAtPercentile: histogram is 5, expected a histogram']],
  distributionOf: [[[[]], 'distributionOf: histogram is a list, expected a histogram']],

  // checks
  bodyHas: [[[5], 'bodyHas: expected is 5, expected a text or a regular expression']],
  headerIs: [
    [[], 'headerIs: name is undefined, expected a text'],
    [['x', 5], 'headerIs: expected is 5, expected a text or a regular expression'],
  ],
  jsonIs: [[[5], 'jsonIs: path is 5, expected a text']],
  size: [
    [[5], 'size: range is 5, expected an object'],
    [[{ min: 2, max: 1 }], 'size: min is 2 and max is 1, expected a max of at least min'],
  ],
  status: [
    [[], 'status: no status is given, expected at least one'],
    [['6xx'], 'status: a status is "6xx", expected a number such as 200, or a class such as 2xx'],
    [[200, {}], 'status: a status is an object, expected a number such as 200, or a class such as 2xx'],
  ],
  time: [[['x'], 'time: x ms, expected a number of at least 0']],
  // extractors
  css: [[[5], 'css: selector is 5, expected a text']],
  cssAll: [[[], 'cssAll: selector is undefined, expected a text']],
  cookie: [[[], 'cookie: name is undefined, expected a text']],
  header: [[[5], 'header: name is 5, expected a text']],
  orElse: [[[5, 5], 'orElse: extractor is 5, expected a function']],
  regex: [[['('], 'regex: expression is "(", expected a regular expression']],
  jsonPath: [
    [[], 'jsonPath: path is undefined, expected a text'],
    [['$.a', 5], 'jsonPath: is is 5, expected a function'],
  ],
  jsonAll: [[[5], 'jsonAll: path is 5, expected a text']],
  xpath: [[[5], 'xpath: expression is 5, expected a text']],
  xpathAll: [[[5], 'xpathAll: expression is 5, expected a text']],
  // feeders
  csvFeeder: [
    [[], 'csvFeeder: options is undefined, expected an object with file or text'],
    [['./users.csv'], 'csvFeeder: options is "./users.csv", expected an object with file or text'],
    [[{ columns: [] }], 'csvFeeder: options is an object, expected an object with file or text'],
    [[{ text: 'a' }], 'csvFeeder: columns is undefined, expected a list'],
  ],
  jsonFeeder: [
    [[5], 'jsonFeeder: options is 5, expected an object with file or text'],
    [[{ text: '[]' }], 'jsonFeeder: is is undefined, expected a function'],
  ],
  generatorFeeder: [[[], 'generatorFeeder: make is undefined, expected a function']],
  rowsFeeder: [
    [[[]], 'rowsFeeder: name is a list, expected a text'],
    [['users', 5], 'rowsFeeder: rows is 5, expected a list'],
  ],
  // scenarios
  scenario: [
    [[], 'the name of a scenario is undefined, expected a text without / and |'],
    [['shop'], 'scenario "shop": its steps are undefined, expected a function'],
    [['shop', step, 5], 'scenario "shop": options is 5, expected an object'],
    [['shop', yes], 'a step returned true, expected a flow'],
  ],
  scenarioAmmo: [
    [[5], 'scenarioAmmo: mix is 5, expected a list'],
    [[[5]], 'scenarioAmmo: the scenario of item 1 is undefined, expected a scenario'],
  ],
  scenarioGuns: [
    [[], 'scenarioGuns: options is undefined, expected an object'],
    [[{}], 'scenarioGuns: transports is undefined, expected the transports of a gun'],
    [[{ transports: { create: yes } }], 'scenarioGuns: deps is undefined, expected an object'],
  ],
  // steps
  branch: [
    [[5], 'branch: condition is 5, expected a function'],
    [[yes], 'branch: whenTrue is undefined, expected a function'],
    [[yes, step, 5], 'branch: whenFalse is 5, expected a function'],
  ],
  call: [
    [[], 'the name of a request is undefined, expected a text without / and |'],
    [['buy'], 'call "buy": method is undefined, expected a text'],
    [['buy', 'Buy'], 'call "buy": "Buy" is not a method'],
    [['buy', 'shop.Shop.Buy', {}, 5], 'call "buy": options is 5, expected an object'],
  ],
  check: [
    [['x'], 'check: checks is "x", expected an object'],
    [[{ 'is ok': 200 }], 'check: "is ok" is 200, expected a function'],
  ],
  extract: [
    [[], 'extract: variables is undefined, expected an object'],
    [[{ id: '$.id' }], 'extract: "id" is "$.id", expected a function'],
  ],
  feed: [[['users.csv'], 'feed: feeder is "users.csv", expected a feeder']],
  group: [
    [[5, step], 'the name of a group is 5, expected a text without / and |'],
    [['buy'], 'group "buy": step is undefined, expected a function'],
  ],
  loop: [
    [['x', step], 'loop: times is "x", expected a number or a function'],
    [[Number.NaN, step], 'loop: times is NaN, expected a number or a function'],
    [[2], 'loop: step is undefined, expected a function'],
  ],
  whileTrue: [
    [[true, step], 'whileTrue: condition is true, expected a function'],
    [[yes, 5], 'whileTrue: step is 5, expected a function'],
    [[yes, step, { most: -1 }], 'whileTrue: most is -1, expected a number of at least 0'],
  ],
  counter: [
    [[], 'the name of a counter is undefined, expected a text without / and |'],
    [['orders', '1'], 'counter "orders": value is "1", expected a number or a function'],
  ],
  gauge: [[['queue'], 'gauge "queue": value is undefined, expected a number or a function']],
  rate: [[['hits', 1], 'rate "hits": passed is 1, expected true, false or a function']],
  trend: [[['took', {}], 'trend "took": value is an object, expected a number or a function']],
  parallel: [[[step, 5], 'parallel: step 2 is 5, expected a function']],
  raceTimeout: [
    [['x', step], 'raceTimeout: ms is "x", expected a number or a function'],
    [[5], 'raceTimeout: step is undefined, expected a function'],
    [[5, step, 5], 'raceTimeout: instead is 5, expected a function'],
    [[0, step], 'raceTimeout: 0 ms, expected a number above 0'],
  ],
  retry: [
    [[3, step], 'retry: options is 3, expected an object'],
    [[{}, step], 'retry: tries is undefined, expected a number of at least 1'],
    [[{ tries: 2, delayMs: -1 }, step], 'retry: delayMs is -1, expected a number of at least 0'],
    [[{ tries: 2, factor: 'x' }, step], 'retry: factor is "x", expected a number of at least 0'],
    [[{ tries: 2 }], 'retry: step is undefined, expected a function'],
  ],
  request: [
    [['home', 5, '/'], 'request "home": method is 5, expected a text'],
    [['home', 'G T', '/'], 'request "home": "G T" is not a method'],
    [['home', 'GET'], 'request "home": path is undefined, expected a text or a function'],
  ],
  send: [
    [[], 'the name of a request is undefined, expected a text without / and |'],
    [['rows'], 'request "rows": request is undefined, expected a request, or a function that returns one'],
    [['rows', {}, 5], 'request "rows": options is 5, expected an object'],
    [['rows', {}, { timeoutMs: 0 }], 'request "rows": timeoutMs is 0, expected a number above 0'],
  ],
  pacing: [[['x'], 'pacing: x ms, expected a number above 0']],
  pause: [
    [['x'], 'pause: ms is "x", expected a number or a function'],
    [[5, 5], 'pause: options is 5, expected an object'],
    [[5, { jitter: 'x' }], 'pause: jitter is x, expected a number from 0 to 1'],
  ],
  weightedChoice: [
    [[5], 'weightedChoice: choices is 5, expected a list'],
    [[[]], 'weightedChoice: the list of choices is empty, expected at least one'],
    [[[5]], 'weightedChoice: choice 1 is 5, expected an object'],
    [[[{ weight: 0, step }]], 'weightedChoice: weight is 0, expected a number above 0'],
    [[[{ weight: 1 }]], 'weightedChoice: the step of choice 1 is undefined, expected a function'],
  ],
};

const METHODS = ['get', 'post', 'put', 'patch', 'del', 'head'];

/** Operators of schedules: they check when they are applied. */
const PLANNED: Readonly<Record<string, readonly [given: readonly unknown[], message: string]>> = {
  clip: [['x'], 'clip from: "x" is not usable; expected a number of at least 0 ms'],
  jitter: [['x'], 'jitter amount: "x" is not usable; expected a number of at least 0 ms'],
  poisson: [[{ seed: 'x' }], 'poisson seed: "x" is not usable; expected a whole number'],
  repeatTicks: [[1.5], 'repeatTicks times: 1.5 is not usable; expected a whole number of at least 0'],
  scaleRate: [['x'], 'scaleRate factor: "x" is not usable; expected a number of at least 0'],
  shiftBy: [['x'], 'shiftBy: "x" is not usable; expected a number of at least 0 ms'],
  stretch: [[-1], 'stretch factor: -1 is not usable; expected a number above 0'],
};

/** Accepts any value. */
const PREDICATES = ['isScenarioAmmo'];

const exported: Readonly<Record<string, unknown>> = { ...operators, ...scenarios };

const called = (name: string, given: readonly unknown[]): unknown => (exported[name] as Untyped)(...given);

describe('a wrong argument from JavaScript', () => {
  for (const [name, rows] of Object.entries(ROWS))
    for (const [given, message] of rows)
      it(message, () => {
        assert.throws(
          () => called(name, given),
          (error) => isElpisError(error, 'ELPIS_CONFIG') && error.message === message,
        );
      });

  for (const name of METHODS)
    it(`${name} without a path`, () => {
      assert.throws(() => called(name, ['home']), {
        code: 'ELPIS_CONFIG',
        message: 'request "home": path is undefined, expected a text or a function',
      });
    });

  for (const [name, [given, message]] of Object.entries(PLANNED))
    it(`${name} of a schedule`, () => {
      const plan = { count: 2, durationNs: 2e9, atNs: (i: number) => i * 1e9, countAt: () => 1, rateAt: () => 1 };
      const change = called(name, given) as Untyped;
      assert.throws(() => change(operators.ticks(plan)), { code: 'ELPIS_CONFIG', message });
    });

  it('has a row for every function of operators and scenarios', () => {
    const isClass = (value: unknown): boolean => /^class /.test(String(value));
    const functions = Object.keys(exported).filter(
      (name) => typeof exported[name] === 'function' && !isClass(exported[name]),
    );
    const known = [...Object.keys(ROWS), ...METHODS, ...Object.keys(PLANNED), ...PREDICATES];
    assert.deepEqual(functions.sort(), known.sort());
  });

  it('a long text is shortened', () => {
    assert.throws(() => called('mapPulled', ['x'.repeat(1000)]), /project is "x+"\.\.\. \(1000 characters\), expected/);
  });
});
