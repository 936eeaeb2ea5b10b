import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { threshold } from '../../../lib/rules/parseThreshold.js';
import { parseAutostop } from '../../../lib/rules/tankAutostop.js';
import { faultText } from '../../../lib/rules/tokens.js';

describe('parseAutostop', () => {
  const rules: readonly [rule: string, same: string][] = [
    ['time(1s500ms,30s)', 'avg(service) <= 1500ms over 1s for 30'],
    ['time(50,15)', 'avg(service) <= 50ms over 1s for 15'],
    ['quantile(95,100ms,20s)', 'p95(service) <= 100ms over 1s for 20'],
    ['quantile(99.9, 1s, 1m)', 'p99.9(service) <= 1s over 1s for 60'],
    ['http(5xx,10%,5s)', 'count(status=5xx) < 10% over 1s for 5'],
    ['http(404,100,1s)', 'count(status=404) < 100 over 1s'],
    ['http(5,10,1s)', 'count(status=5xx) < 10 over 1s'],
    ['net(xx,25,10)', 'count(net=xx) < 25 over 1s for 10'],
    ['net(110,1%,10s)', 'count(net=110) < 1% over 1s for 10'],
    ['instances(80%,1m)', 'busy <= 80% over 1s for 60'],
    ['total_time(300ms,70%,3s)', 'slower(service, 300ms) < 70% over 3s'],
    ['total_http(5xx,10%,10s)', 'count(status=5xx) < 10% over 10s'],
    ['total_net(xx,10,10s)', 'count(net=xx) < 10 over 10s'],
    ['negative_http(2xx,10%,10s)', 'count(status!=2xx) < 10% over 10s'],
    ['negative_net(0,10%,10s)', 'count(net!=0) < 10% over 10s'],
    ['http(5xx,10%,5s,cart)', 'count(status=5xx) < 10% of tag "cart" over 1s for 5'],
  ];
  for (const [rule, same] of rules)
    it(`${rule} is ${same}, and stops`, () => {
      const parsed = parseAutostop(rule);
      assert.ok(isRight(parsed), JSON.stringify(parsed));
      assert.deepEqual(parsed.right, [{ ...threshold(same), otherwise: 'stop', shown: rule.replaceAll(' ', '') }]);
    });

  it('reads several rules, in the form of a config of Yandex.Tank', () => {
    const parsed = parseAutostop('\n  quantile(50,100,15)\n  http(5xx,1%,1s) net(xx,1%,1s)\n');
    assert.ok(isRight(parsed));
    assert.deepEqual(
      parsed.right.map(({ shown }) => shown),
      ['quantile(50,100,15)', 'http(5xx,1%,1s)', 'net(xx,1%,1s)'],
    );
    assert.deepEqual(parseAutostop('  \n'), { _tag: 'Right', right: [] });
  });

  const refused: readonly [text: string, ...faults: (readonly [part: string, sentence: RegExp])[]][] = [
    ['http_trend(2xx,10s)', ['http_trend', /a supported rule: http_trend is not, .*judge them directly/]],
    ['metric_higher(host,metric,5,10)', ['metric_higher', /no metrics of other machines/]],
    ['steady_cumulative(1m)', ['steady_cumulative', /Yandex\.Tank itself does not support it/]],
    ['limit(1m)', ['limit', /give the schedule a duration/]],
    ['quantil(95,100ms,20s)', ['quantil', /did you mean quantile\?/]],
    ['quantile(195,100ms,20s)', ['195', /a percentile from 0 to 100/]],
    ['quantile(95,fast,20s)', ['fast', /a time such as 100ms or 1s500ms/]],
    ['http(5xx,10%)', [')', /a number of seconds such as 20s/]],
    ['http(5xx,10%,5s,a,b)', ['b', /expected "?\)"?/]],
    ['http(6yy,x,0)', ['6yy', /a status/], ['x', /a number or a percentage such as 10%/], ['0', /a number of seconds/]],
    ['time(1s,500ms)', ['500ms', /at least 1s/]],
    ['instances(80%,1m,a)', ['instances(80%,1m,a)', /no tag, because instances belong to a pool/]],
    ['total_time(1s,5,3s)', ['5', /a percentage such as 10%/]],
    ['http 5xx', ['http', /a rule such as/], ['5xx', /a rule such as/]],
    ['toString(1)', ['toString', /one of time, quantile/]],
  ];
  for (const [text, ...faults] of refused)
    it(`refuses ${text}`, () => {
      const parsed = parseAutostop(text);
      assert.ok(isLeft(parsed));
      assert.deepEqual(
        parsed.left.map(({ at, length }) => text.slice(at, at + length)),
        faults.map(([part]) => part),
      );
      for (const [i, fault] of parsed.left.entries()) assert.match(faultText(fault), faults[i]?.[1] as RegExp);
    });
});
