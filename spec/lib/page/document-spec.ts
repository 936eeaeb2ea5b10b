import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { contentPolicy, pageDocument } from '../../../lib/page/document.js';
import { eventsFromWire } from '../../../lib/page/model/eventWire.js';
import { reportOf } from '../../../lib/page/report.js';
import { started, windowAt, windowEvent } from '../view/sampleEvents.js';

const FILES = { script: 'run("<b>");', style: 'p > a { color: red }' };
const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const EVIL = `</script><script>alert(1)</script><!--"'&`;

describe('the page as a file', () => {
  it('allows its script and its style by their hashes; only a live page may connect, to its own server', () => {
    const common = [
      `default-src 'none'`,
      `script-src ${hash(FILES.script)}`,
      `style-src ${hash(FILES.style)}`,
      'img-src data:',
    ];
    const end = [`base-uri 'none'`, `form-action 'none'`];
    assert.equal(contentPolicy(FILES, true), [...common, `connect-src 'self'`, ...end].join('; '));
    assert.equal(contentPolicy(FILES, false), [...common, `connect-src 'none'`, ...end].join('; '));
  });

  it('has the policy in itself, so that it also holds from a disk', () => {
    const html = pageDocument(FILES, 'title', 'AAAA');
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    assert.equal(policy.replaceAll('&#39;', "'"), contentPolicy(FILES, false));
  });

  it('shows markup in a title as text', () => {
    const html = pageDocument(FILES, EVIL);
    assert.ok(
      html.includes('<title>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;!--&quot;&#39;&amp;</title>'),
    );
    assert.equal(html.split('<script').length, 2);
  });

  it('has the events of a report compressed in base64, which no text of a run can end', async () => {
    const window = windowEvent(windowAt(0, [{ ms: 5, fields: { tag: EVIL } }]), EVIL);
    const events: readonly RunEvent[] = [...started(EVIL), window, { type: 'annotation', at: 2e6, text: EVIL }];
    const html = await reportOf(events, FILES);
    assert.ok(!html.includes('alert(1)</script>'));
    assert.equal(html.split('<script').length, 3, 'the data and the client');
    const [, data = ''] = /<script type="application\/octet-stream" id="run">([\w+/=]*)<\/script>/.exec(html) ?? [];
    const read = eventsFromWire(inflateRawSync(Buffer.from(data, 'base64')).toString());
    assert.deepEqual(read.slice(1), events.slice(1));
  });
});
