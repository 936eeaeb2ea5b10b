import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('FAULTS.md', () => {
  const text = readFileSync(join(ROOT, 'docs/FAULTS.md'), 'utf8');

  it('names only specs that exist', () => {
    const named = [...new Set([...text.matchAll(/`([\w./-]+-spec\.ts)`/g)].map(([, name]) => String(name)))];
    assert.ok(named.length > 40, `${named.length} specs`);
    assert.deepEqual(
      named.filter((name) => !existsSync(join(ROOT, 'spec', name))),
      [],
    );
  });

  it('each row names its spec, or the text before its table does', () => {
    const without: string[] = [];
    let before = '';
    for (const line of text.slice(0, text.indexOf('## Trying further faults')).split('\n')) {
      if (line.startsWith('#')) before = '';
      if (!line.startsWith('|')) before += line;
      else if (!/-spec\.ts/.test(line + before) && !/^\| (---|.* spec \|$)/.test(line)) without.push(line);
    }
    assert.deepEqual(without, []);
  });

  it('has a section for each kind of fault', () => {
    const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, name]) => name);
    for (const kind of [
      ...['Bytes of servers', 'TLS', 'Network', 'Signals', 'Streams and disks', 'Ammo', 'Limits', 'Code of users'],
      ...[
        'Clocks',
        'Numbers',
        'Secrets',
        'Injection',
        'Threads',
        'Proxies',
        'HTTP/2',
        'gRPC servers',
        'Several machines',
      ],
    ])
      assert.ok(sections.includes(kind), kind);
  });
});
