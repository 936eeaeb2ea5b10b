import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Issue } from '../../../lib/codec/issue.js';
import { isElpisError } from '../../../lib/core/errors.js';
import { ensureRoom } from '../../../lib/preflight/preflight.js';
import { type SystemLimits, systemLimits } from '../../../lib/preflight/systemLimits.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';

describe('ensureRoom', () => {
  const place = { path: 'pools', expected: 'less' };
  const warning: Issue = { ...place, code: 'local-ports', severity: 'warning', message: 'few ports', hint: 'get more' };
  const error: Issue = { ...place, code: 'open-files', severity: 'error', message: 'few files', hint: 'ulimit' };

  it('logs warnings and throws for an error', () => {
    const log = new FakeLog();
    ensureRoom([], log);
    assert.deepEqual(log.lines, []);
    assert.throws(
      () => ensureRoom([error, warning], log),
      (thrown) => isElpisError(thrown, 'ELPIS_LIMIT') && thrown.message === 'few files' && thrown.hint === 'ulimit',
    );
    assert.deepEqual(log.lines, [{ level: 'warn', message: 'few ports (get more)', fields: {} }]);
  });
});

describe('systemLimits', () => {
  const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             96328                96328                processes
Max open files            1024                 524288               files
Max locked memory         unlimited            unlimited            bytes
`;
  const rows: readonly [sentence: string, files: Record<string, string>, limits: SystemLimits][] = [
    ['nothing to read', {}, {}],
    ['the limit that holds now', { '/proc/self/limits': LIMITS }, { openFiles: 1024 }],
    ['no limit', { '/proc/self/limits': 'Max open files            unlimited            unlimited   files' }, {}],
    ['the range of ports', { '/proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n' }, { ports: [32768, 60999] }],
    ['reuse of ports', { '/proc/sys/net/ipv4/tcp_tw_reuse': '2\n' }, { portsReused: 'loopback' }],
    ['an unknown value for reuse', { '/proc/sys/net/ipv4/tcp_tw_reuse': '7\n' }, {}],
  ];
  for (const [sentence, files, limits] of rows)
    it(sentence, () =>
      assert.deepEqual(
        systemLimits((path) => files[path] ?? ''),
        limits,
      ),
    );

  it('reads those of this process', () => {
    const { openFiles = 1 } = systemLimits();
    assert.ok(openFiles > 0);
  });
});
