import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import type { Comparison, Difference } from '../../../lib/compare/compareRuns.js';
import { failIf } from '../../../lib/compare/failIf.js';
import { pageComparisonOf } from '../../../lib/compare/pageComparison.js';
import { eventsToWire } from '../../../lib/page/model/eventWire.js';
import { dataFromWire } from '../../../lib/page/model/pageComparison.js';
import { comparisonReportOf } from '../../../lib/page/report.js';
import { started, windowAt, windowEvent } from '../view/sampleEvents.js';

const difference = (change: Partial<Difference>): Difference => ({
  ...{ subject: { pool: 'main' }, metric: 'p50', before: 20, after: 30, change: 50, interval: [40, 60] },
  verdict: 'higher',
  ...change,
});
const EVIL = '</script><script>alert(1)</script>';
const slower = difference({});
const comparison: Comparison = {
  differences: [
    slower,
    difference({ metric: 'rate', before: 100, after: 120, change: 20, interval: [10, 30] }),
    difference({
      metric: 'rate',
      verdict: 'lower',
      change: -20,
      interval: [-30, -10],
      subject: { pool: 'main', tag: EVIL },
    }),
    difference({ metric: 'errors', verdict: 'same', before: 1, after: 1.1, change: 0.1, interval: [-1, 1] }),
  ],
  onlyBefore: [{ pool: 'main', tag: 'gone' }],
  onlyAfter: [],
};
const options = {
  ...{ before: 'a.elp', after: 'b.elp', remarks: ['The configs of the runs differ.'] },
  failures: [{ condition: failIf('p50 +10%'), difference: slower }],
};

describe('a comparison for its page', () => {
  const page = pageComparisonOf(comparison, options);

  it('has a sentence for each finding, failure and remark', () => {
    assert.deepEqual(page.failed, [
      'p50 +10%: The p50 of pool "main" is higher: 30.0 ms instead of 20.0 ms, +50.0 % (+40.0 to +60.0).',
    ]);
    assert.equal(page.findings.length, 3);
    assert.deepEqual(page.remarks, ['The configs of the runs differ.', 'Only a.elp has tag "gone" of pool "main".']);
  });

  it('calls more time worse, and a higher rate better', () => {
    assert.deepEqual(
      page.differences.map(({ verdict }) => verdict),
      ['worse', 'better', 'worse', 'same'],
    );
  });

  it('says that nothing was found', () => {
    const none = pageComparisonOf({ differences: [], onlyBefore: [], onlyAfter: [] }, { ...options, failures: [] });
    assert.match(none.findings.join(), /^No difference was found: none of 0 numbers/);
  });

  it('is the same after its way through the file, with the events of all runs; no text of a run ends it', async () => {
    const events = [...started(EVIL), windowEvent(windowAt(0, [{ ms: 5, fields: { tag: EVIL } }]), EVIL)];
    const runs = [
      { path: 'a.elp', before: true, events },
      { path: EVIL, before: false, events },
    ];
    const html = await comparisonReportOf(page, runs, { script: 'page()', style: 'p { margin: 0 }' });
    assert.equal(html.split('<script').length, 3, 'the data and the client');
    assert.match(html, /connect-src &#39;none&#39;/);
    const [, data = ''] = /<script type="application\/octet-stream" id="run">([\w+/=]*)<\/script>/.exec(html) ?? [];
    const read = dataFromWire(inflateRawSync(Buffer.from(data, 'base64')).toString());
    assert.ok(read.comparison !== undefined);
    assert.deepEqual(read.comparison, page);
    assert.deepEqual(
      read.runs.map(({ path, before, events: of }) => [path, before, of.slice(1)]),
      runs.map(({ path, before, events: of }) => [path, before, of.slice(1)]),
    );
  });

  it('is told from the events of one run', () => {
    const read = dataFromWire(eventsToWire([...started('main')]));
    assert.ok(read.comparison === undefined);
    assert.deepEqual(
      read.events.map(({ type }) => type),
      ['run-started', 'pool-started'],
    );
  });
});
