import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { PENDING } from '../../../lib/core/cursor.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { realTimeScheduler } from '../../../lib/time/realTime.js';
import { draw, providerOf } from './drawAmmo.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-odd-'));
after(() => rmSync(folder, { recursive: true }));

type Options = Readonly<Record<string, unknown>>;

/** The ammo of a file: targets, then the error. */
async function outcome(path: string, options: Options = {}): Promise<string> {
  const { ammo, error } = await draw<HttpAmmo>({ type: 'uri', file: path, passes: 1, ...options }, {}, 20);
  const message = error === undefined ? '' : `!${(error as Error).message}`;
  return `${ammo.map(({ request, problem }) => problem ?? request.target).join(' ')}${message}`.replaceAll(
    path,
    'ammo',
  );
}

function file(content: string | Buffer): string {
  const path = join(folder, 'ammo');
  writeFileSync(path, content);
  return path;
}

const BOM = '\uFEFF';

describe('a file with', () => {
  const CASES: readonly (readonly [sentence: string, type: string, content: string, expected: string])[] = [
    ['a byte order mark, uri', 'uri', `${BOM}/a\n/b`, '/a /b'],
    ['a byte order mark, uripost', 'uripost', `${BOM}1 /a\nx`, '/a'],
    ['a byte order mark, raw', 'raw', `${BOM}16\nGET /a HTTP/1.0\n\n`.replace('16', '17'), '/a'],
    ['a byte order mark, http/json', 'http/json', `${BOM}{"uri":"/a"}`, '/a'],
    ['a byte order mark and a list, http/json', 'http/json', `${BOM}[{"uri":"/a"}]`, '/a'],
    ['CR LF, uri', 'uri', '/a\r\n[A: 1]\r\n/b\r\n', '/a /b'],
    ['CR LF, http/json', 'http/json', '{"uri":"/a"}\r\n{"uri":"/b"}\r\n', '/a /b'],
    ['no line end at its end, uri', 'uri', '/a\n/b', '/a /b'],
    ['a NUL byte, uri', 'uri', '/a\n/\0\n', '/a!ammo:2: "/\\u0000" is not a URI'],
    ['a NUL byte, uripost', 'uripost', '0 /\0', '!ammo:1: "0 /\\u0000" has no valid URI (at byte 0)'],
    ['a NUL byte in a header: the gun does not send it', 'uri', '[A: \0]\n/a', '/a'],
    ['a NUL byte, raw', 'raw', '17\nGET /\0 HTTP/1.0\n\n', 'ammo:1: a control character in the URL'],
    ['nothing in it, uri', 'uri', '', ''],
    ['nothing in it, raw', 'raw', '', ''],
    ['nothing but blank lines, uripost', 'uripost', '\n\r\n\n', ''],
  ];
  for (const [sentence, type, content, expected] of CASES) {
    it(sentence, async () => assert.equal(await outcome(file(content), { type }), expected));
  }

  it('nothing in it is an error when it is read again and again', async () => {
    assert.equal(await outcome(file(''), { passes: 0 }), '!ammo: it contains no ammo');
  });
});

describe('a file that is', () => {
  it('a directory: the config is refused', () => {
    assert.throws(() => providerOf({ type: 'uri', file: folder }), { message: 'config refused' });
  });

  it('an endless device: the first line is too long', async () => {
    for (const [type, message] of [
      ['uri', '!ammo:1: the line is longer than 65535 bytes'],
      ['raw', '!ammo:1: the line with a size is longer than 65535 bytes (at byte 0)'],
      ['http/json', '!ammo: it begins with "\\u0000'],
    ] as const) {
      const result = await outcome('/dev/zero', { type });
      assert.equal(result.replaceAll('/dev/zero', 'ammo').slice(0, message.length), message);
    }
  });

  it('a device without bytes', async () => {
    assert.equal(await outcome('/dev/null', { passes: 0 }), '!ammo: it contains no ammo');
  });
});

describe('a named pipe', () => {
  const fifo = (name: string): string => {
    const path = join(folder, name);
    execFileSync('mkfifo', [path]);
    return path;
  };

  it('has one pass, and the log says so', async () => {
    const path = fifo('passes');
    const log = new FakeLog();
    const drawn = draw<HttpAmmo>({ type: 'uri', file: path, passes: 3 }, { log });
    spawn('sh', ['-c', `(echo /a; echo /b) > '${path}'`]);
    assert.equal((await drawn).ammo.map(({ request }) => request.target).join(' '), '/a /b');
    assert.deepEqual(
      log.lines.map(({ message }) => message),
      [`${path} can be read only once, so there is one pass`],
    );
  });

  it('without a writer has no ammo yet, and can be closed', async () => {
    const cursor = providerOf<HttpAmmo>({ type: 'uri', file: fifo('silent') }).open(realTimeScheduler);
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
    assert.equal(cursor.poll(), PENDING);
    // A pending read would keep this spec file from ending.
    cursor.close();
  });
});
