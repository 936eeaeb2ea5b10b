import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { defaultIfEmpty, lastValueFrom } from 'rxjs';
import { Answlog } from '../../../../lib/guns/shared/answlog.js';
import { FakeLog } from '../../../../lib/testing/fakeDeps.js';
import { CAPTURE_NOTHING, ResponseRecorder } from '../../../../lib/wire/http1/capture.js';
import { dumpedHead } from '../../../../lib/wire/http1/dump.js';
import { ResponseFraming } from '../../../../lib/wire/http1/parser/responseFraming.js';

const LIMIT = 64 * 1024 * 1024;
const REQUEST = Buffer.from('GET / HTTP/1.1\r\n\r\n');

/** A file that reports how many bytes wait to be written, and keeps the written bytes. */
class MemoryFile extends Writable {
  override writableLength = 0;
  text = '';

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

function response(bytes = 2): ResponseRecorder {
  const capture = new ResponseRecorder();
  capture.begin({ ...CAPTURE_NOTHING, fromStatus: 0, dumps: 'kept', maxBody: 16 * 1024 * 1024 }, 200);
  for (const line of ['HTTP/1.1 200 OK', 'B: 2', 'A: 1']) capture.line(Buffer.from(line), 0, line.length);
  const framing = new ResponseFraming();
  framing.status = 200;
  framing.length = bytes;
  capture.head = dumpedHead(capture.lines, framing, false, false);
  capture.content(Buffer.alloc(bytes, 'x'), 0, bytes);
  return capture;
}

async function opened() {
  const file = new MemoryFile();
  const log = new FakeLog();
  const answlog = new Answlog('answ.log', log, () => file);
  await lastValueFrom(answlog.open().pipe(defaultIfEmpty(undefined)));
  const close = () => lastValueFrom(answlog.close().pipe(defaultIfEmpty(undefined)));
  return { file, log, answlog, close, records: () => file.text.match(/DEBUG\t\w+/g)?.length ?? 0 };
}

describe('Answlog', () => {
  it('writes the request as sent and the response with sorted headers', async () => {
    const { file, log, answlog, close } = await opened();
    answlog.write(0, REQUEST, response());
    await close();
    assert.equal(
      file.text,
      '1970-01-01T00:00:00.000Z\tDEBUG\tREQUEST:\nGET / HTTP/1.1\r\n\r\n\n\n\n' +
        '1970-01-01T00:00:00.000Z\tDEBUG\tRESPONSE:\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\nA: 1\r\nB: 2\r\n\r\nxx\n',
    );
    assert.deepEqual(log.lines, []);
  });

  it('empties its file, and keeps the records of every thread that has it open', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'elpis-answlog-'));
    const path = join(folder, 'answ.log');
    writeFileSync(path, 'an older run');
    const threads = [1, 2].map(() => new Answlog(path, new FakeLog()));
    for (const answlog of threads) await lastValueFrom(answlog.open().pipe(defaultIfEmpty(undefined)));
    for (let i = 0; i < 200; i++) threads[i % 2]?.write(0, REQUEST, response(1000));
    await Promise.all(threads.map((answlog) => lastValueFrom(answlog.close().pipe(defaultIfEmpty(undefined)))));
    const titles = readFileSync(path, 'utf8').match(/^.*DEBUG\t\w+/gm);
    const pair = ['REQUEST', 'RESPONSE'].map((title) => `1970-01-01T00:00:00.000Z\tDEBUG\t${title}`);
    assert.deepEqual(titles, Array.from({ length: 200 }, () => pair).flat());
    rmSync(folder, { recursive: true });
  });

  it('drops records while more than 64 MiB wait for the disk, and reports the number at the end', async () => {
    const { file, log, answlog, close, records } = await opened();
    file.writableLength = LIMIT;
    answlog.write(0, REQUEST, response());
    assert.equal(records(), 2);
    file.writableLength = LIMIT + 1;
    for (let i = 0; i < 3; i++) answlog.write(0, REQUEST, response());
    assert.equal(records(), 2);
    file.writableLength = 0;
    answlog.write(0, REQUEST, response());
    await close();
    assert.equal(records(), 4);
    const fields = { path: 'answ.log', dropped: 3, truncated: 0 };
    assert.deepEqual(log.lines, [{ level: 'warn', message: 'answlog is incomplete', fields }]);
  });

  it('reports how many responses were longer than the kept part', async () => {
    const { log, answlog, close } = await opened();
    const long = response(16 * 1024 * 1024 + 1);
    for (let i = 0; i < 2; i++) answlog.write(0, REQUEST, long);
    answlog.write(0, REQUEST, response());
    await close();
    const fields = { path: 'answ.log', dropped: 0, truncated: 2 };
    assert.deepEqual(log.lines, [{ level: 'warn', message: 'answlog is incomplete', fields }]);
  });

  it('writes nothing more after a failure of the file, and closing it is an error with the number of lost records', async () => {
    const { file, answlog, close } = await opened();
    file.on('error', () => undefined);
    file.destroy(new Error('disk full'));
    await new Promise((resolve) => file.once('close', resolve));
    answlog.write(0, REQUEST, response());
    await assert.rejects(close(), {
      code: 'ELPIS_SINK',
      message: 'answlog answ.log: disk full; 1 of 1 logged responses are lost',
    });
  });
});
