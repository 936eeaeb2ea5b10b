import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DOMParser } from '@xmldom/xmldom';
import type { SummaryJson } from '../../lib/report/summaryJson.js';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import type { Bench } from './elpis.js';

/** One in two operations is a 503. */
const HALF_BAD = {
  uris: '"/ one", "/status/503 two"',
  rps: '{type: const, ops: 50, duration: 2s}',
  startup: '{type: once, times: 5}',
};
/** 40 operations at once for one instance, each 300 ms: most are discarded. */
const TOO_MUCH = { uris: '"/delay/300 slow"', rps: '{type: once, times: 40}', startup: '{type: once, times: 1}' };

describe('a run with thresholds', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  }, 'describe');
  const address = (): string => `127.0.0.1:${target.port}`;
  /** Lateness of a busy machine must not decide these tests. */
  const RELAXED = 'verdict: {ignore: [lateness, event-loop, busy, cpu, gc, stopped, threads, missed-rate]}';
  const QUIET = ['--quiet', '--summary-json', 's.json'];
  const summary = (): SummaryJson => JSON.parse(bench.read('s.json')) as SummaryJson;

  const rows: readonly [sentence: string, options: object, args: readonly string[], code: number, stderr: RegExp][] = [
    [
      'that it keeps ends with 0',
      HALF_BAD,
      ['--threshold', 'errors <= 50%', '--threshold', 'count(status=503) == 50'],
      0,
      /^$/,
    ],
    [
      'that it violates ends with 3',
      HALF_BAD,
      ['--threshold', 'errors < 10%', '--threshold', 'errors < 60%'],
      3,
      /1 of 2 thresholds violated: errors < 10% was 50 %[\s\S]*ELPIS_THRESHOLDS/,
    ],
    ['that only warn ends with 0', HALF_BAD, ['--threshold', 'errors < 10% otherwise warn'], 0, /^$/],
    [
      'and INVALID ends with 4, although they pass',
      TOO_MUCH,
      ['--threshold', 'count(status=5xx) == 0'],
      4,
      /the run is INVALID: .* were not shot: .*, so its thresholds do not pass[\s\S]*ELPIS_VERDICT/,
    ],
    [
      'of which one stops it ends with 5',
      { ...HALF_BAD, rps: '{type: const, ops: 50, duration: 60s}' },
      ['--threshold', 'errors < 10% over 1s otherwise stop'],
      5,
      /1 of 1 threshold violated/,
    ],
    [
      'that is stopped by a rule of Yandex.Tank ends with 5',
      {
        ...HALF_BAD,
        rps: '{type: const, ops: 50, duration: 60s}',
        extra: `${RELAXED}\nautostop: |\n  quantile(95,10s,20s)\n  http(5xx,10%,2s)`,
      },
      [],
      5,
      /violated: http\(5xx,10%,2s\) was (49|5[01])(\.\d+)? %/,
    ],
    ['without any, INVALID and --fail-on invalid, ends with 4', TOO_MUCH, ['--fail-on', 'invalid'], 4, /ELPIS_VERDICT/],
    ['without any, INVALID, ends with 0', TOO_MUCH, [], 0, /^$/],
    [
      'that cannot be read ends with 2, before the first shot',
      HALF_BAD,
      ['--threshold', 'eror < 10'],
      2,
      /--threshold: expected a measure/,
    ],
    [
      'that cannot be read are reported all at once',
      HALF_BAD,
      ['--threshold', 'eror < 10', '--threshold', 'errors < 1%', '--threshold', 'p99(respons) < 9ms'],
      2,
      /expected a measure[\s\S]*expected one of response/,
    ],
    [
      'that name unknown tags and pools are reported all at once',
      HALF_BAD,
      ['--threshold', 'errors < 1% of pool mian', '--threshold', 'errors < 1% of tag thre'],
      2,
      /got "mian"[\s\S]*got "thre"/,
    ],
    [
      'of an unknown pool ends with 2',
      HALF_BAD,
      ['--threshold', 'errors < 1% of pool mian'],
      2,
      /expected a pool of the run, got "mian" \(did you mean main\?\)|did you mean main\?/,
    ],
    [
      'of an unknown tag ends with 2',
      HALF_BAD,
      ['--threshold', 'errors < 1% of tag thre'],
      2,
      /expected a tag of the run, got "thre"/,
    ],
  ];
  for (const [sentence, options, args, wanted, message] of rows)
    it(sentence, async () => {
      bench.write('load.yaml', config(address(), { extra: RELAXED, ...options }));
      const { code, stderr } = await bench.run(['run', 'load.yaml', ...QUIET, ...args]);
      assert.equal(code, wanted, stderr);
      assert.match(stderr.replaceAll(/^\[.*WARN.*\n(?: {4}.*\n)*/gm, ''), message);
    });

  it('in threads: the merged windows are judged, and all threads stop', async () => {
    const rps = '{type: const, ops: 100, duration: 60s}';
    const extra = `${RELAXED}\nthreads: 2\nthresholds: [{condition: "count(ended) <= 80", over: 1s, otherwise: stop}]`;
    bench.write('load.yaml', config(address(), { uris: '"/ one"', rps, startup: '{type: once, times: 4}', extra }));
    const { code, stderr } = await bench.run(['run', 'load.yaml', ...QUIET]);
    assert.equal(code, 5, stderr);
    const { thresholds, ending, pools } = summary();
    // A thread alone has 50 operations in a second.
    assert.equal(thresholds?.[0]?.violated, true);
    assert.equal(ending?.by, 'rule');
    assert.ok((pools[0]?.total.shots ?? 0) < 3000);
  });

  it('prints first what happened and why it ended, then the thresholds; writes JUnit and the step summary', async () => {
    bench.write('load.yaml', config(address(), { extra: RELAXED, ...HALF_BAD }));
    const args = ['run', 'load.yaml', '--threshold', 'errors < 10%', '--junit', 'j.xml', '--github-summary'];
    const { code, stdout } = await bench.run(args, { env: { GITHUB_STEP_SUMMARY: `${bench.folder}/step.md` } });
    assert.equal(code, 3);
    assert.match(stdout, /^VALID: 100 operations ended, 50 bad \(50\.00 %\); the plan ended after \d/);
    assert.match(stdout, /\n {2}failed {2}errors < 10% {2}50 %\n/);
    const document = new DOMParser().parseFromString(bench.read('j.xml'), 'text/xml');
    assert.equal(document.getElementsByTagName('failure').length, 1);
    assert.match(bench.read('step.md'), /\| errors &lt; 10% \| 50 % \| -400\.0 % \| ❌ failed \|/);
  });

  it('refuses --github-summary outside of GitHub', async () => {
    bench.write('load.yaml', config(address(), HALF_BAD));
    const { code, stderr } = await bench.run(['run', 'load.yaml', '--github-summary'], {
      env: { GITHUB_STEP_SUMMARY: '' },
    });
    assert.equal(code, 2);
    assert.match(stderr, /GITHUB_STEP_SUMMARY is not set/);
  });

  it('an interrupted run has the exit code of the signal, and says so', async () => {
    const rps = '{type: const, ops: 50, duration: 60s}';
    bench.write('load.yaml', config(address(), { ...HALF_BAD, rps, extra: RELAXED }));
    const { child, finished } = bench.start(['run', 'load.yaml', ...QUIET, '--threshold', 'errors < 1%']);
    setTimeout(() => child.kill('SIGINT'), 3000);
    const { code } = await finished;
    assert.equal(code, 130);
    assert.match(summary().ending?.text ?? '', /^stopped after .*: SIGINT$/);
  });

  it('a rehearsal judges them too', async () => {
    bench.write('load.yaml', config(address(), { ...HALF_BAD, rps: '{type: const, ops: 50, duration: 60s}' }));
    const args = [
      'rehearse',
      'load.yaml',
      '--target',
      'constant(20ms) + script: ok 20s, 503 10s, ok',
      '--threshold',
      'errors < 50% over 5s otherwise stop',
    ];
    const { code, stdout, stderr } = await bench.run(args);
    assert.equal(code, 5, stderr);
    assert.match(stdout, /stopped after 23s: errors < 50% over 5s was/);
  });

  it('a record is judged again: by its own thresholds as the live run, and by others', async () => {
    const extra = `${RELAXED}\nrecord: run.elp\nthresholds: [errors < 60%, {condition: errors < 10%, over: 1s, pool: main, otherwise: warn}]\nautostop: "http(5xx,90%,5s)"`;
    // The last window ends with the run, so only the one before it is whole.
    const rps = '{type: const, ops: 50, duration: 2s}';
    bench.write('load.yaml', config(address(), { ...HALF_BAD, rps, extra }));
    const live = await bench.run(['run', 'load.yaml', '--summary-json', 's.json']);
    assert.equal(live.code, 0, live.stderr);
    const same = await bench.run(['judge', 'run.elp']);
    assert.equal(same.code, 0, same.stderr);
    assert.ok(same.stdout.startsWith(live.stdout), same.stdout);
    assert.match(
      same.stdout.slice(live.stdout.length),
      /^violated after \d.*: pool "main": errors < 10% over 1s was \d+(\.\d+)? %\n$/,
    );
    const json = await bench.run(['judge', 'run.elp', '--json']);
    assert.deepEqual(JSON.parse(json.stdout), summary());
    const other = [
      'judge',
      'run.elp',
      '--threshold',
      'errors < 1% otherwise stop',
      '--threshold',
      'errors < 1% of tag "x"',
      '--junit',
      'j2.xml',
    ];
    const { code, stdout, stderr } = await bench.run(other);
    assert.equal(code, 3);
    assert.match(stdout, /violated after 1s, and stops a run then: errors < 1% was 50 %/);
    assert.match(stderr, /the threshold errors < 1% of tag "x" was not judged[\s\S]*1 of 2 thresholds violated/);
    assert.match(bench.read('j2.xml'), /<testsuite name="thresholds" tests="2" failures="1" errors="0" skipped="1"/);
    assert.equal((await bench.run(['judge', 'run.elp', '--threshold', 'eror'])).code, 2);
    assert.equal((await bench.run(['judge', 'none.elp'])).code, 2);
  });
});
