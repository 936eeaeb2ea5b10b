import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, type Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { after, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { fileSink, sinkOfFile } from '../../../lib/data/file.js';
import { sinkFromFunction } from '../../../lib/data/fromFunction.js';
import { sinkOfStream, stderrSink, stdoutSink } from '../../../lib/data/std.js';
import { pluginCodecs } from '../../../lib/plugin/pluginCodecs.js';
import { Registry } from '../../../lib/plugin/registry.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-sinks-'));
after(() => rmSync(folder, { recursive: true }));

async function write(stream: Writable, text: string): Promise<void> {
  stream.end(text);
  await finished(stream);
}

describe('a file sink', () => {
  it('creates the file with mode 0644 when it is opened, not before', async () => {
    const path = join(folder, 'new');
    const sink = sinkOfFile(path);
    assert.equal(existsSync(path), false);
    await write(sink.open(), 'text');
    assert.equal(readFileSync(path, 'utf8'), 'text');
    assert.equal(statSync(path).mode & 0o777 & ~process.umask(), 0o644 & ~process.umask());
  });

  it('truncates a file that exists', async () => {
    const path = join(folder, 'old');
    writeFileSync(path, 'a longer text than the new one');
    await write(sinkOfFile(path).open(), 'new');
    assert.equal(readFileSync(path, 'utf8'), 'new');
  });

  it('writes in the calling turn when it is opened so', async () => {
    const path = join(folder, 'blocking');
    const stream = sinkOfFile(path).open({ blocking: true });
    await new Promise((resolve) => stream.once('open', resolve));
    for (const text of ['one', ' two']) {
      stream.write(text);
      assert.equal(stream.writableLength, 0);
    }
    assert.equal(readFileSync(path, 'utf8'), 'one two');
    await write(stream, ' three');
    assert.equal(readFileSync(path, 'utf8'), 'one two three');
  });

  it('fails with the error of a write in the calling turn', { skip: !existsSync('/dev/full') }, async () => {
    const path = join(folder, 'full');
    symlinkSync('/dev/full', path);
    for (const blocking of [false, true])
      await assert.rejects(write(sinkOfFile(path).open({ blocking }), 'x'), { code: 'ENOSPC' });
    // A regular file of the kernel that takes numbers only.
    await assert.rejects(write(sinkOfFile('/proc/self/oom_score_adj').open({ blocking: true }), 'x'), {
      code: 'EINVAL',
    });
  });

  it('never blocks for the reader of a pipe', { skip: process.platform === 'win32' }, async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stream = sinkOfFile(path).open({ blocking: true });
    await new Promise((resolve) => stream.once('open', resolve));
    // More than a pipe holds: in the calling turn this would never return.
    stream.write(Buffer.alloc(1_000_000));
    assert.ok(stream.writableLength > 0);
    const failed = finished(stream);
    closeSync(reader);
    await assert.rejects(failed, { code: 'EPIPE' });
  });

  it('creates no directories', async () => {
    await assert.rejects(write(sinkOfFile(join(folder, 'no', 'such')).open(), 'x'), { code: 'ENOENT' });
  });
});

describe('a stream sink', () => {
  it('ends without ending the stream of the process', async () => {
    const stdout = new PassThrough();
    const sink = sinkOfStream('stdout', stdout);
    await write(sink.open(), 'one ');
    await write(sink.open(), 'two');
    assert.equal(stdout.writableEnded, false);
    assert.equal(stdout.read()?.toString(), 'one two');
    assert.equal(stdout.listenerCount('error'), 0);
  });

  it('waits for a stream that is slow', async () => {
    const stdout = new PassThrough({ highWaterMark: 1 });
    const opened = sinkOfStream('stdout', stdout).open();
    let done = false;
    const written = write(opened, 'slow').then(() => {
      done = true;
    });
    await new Promise(setImmediate);
    assert.equal(done, false);
    stdout.resume();
    await written;
  });

  it('fails when the stream fails', async () => {
    const stdout = new PassThrough();
    const opened = sinkOfStream('stdout', stdout).open();
    stdout.destroy(new Error('pipe closed'));
    await assert.rejects(finished(opened), /pipe closed/);
  });
});

describe('a sink from a function', () => {
  it('is called with each chunk, waits for promises and closes once', async () => {
    const seen: string[] = [];
    const sink = sinkFromFunction(
      async (chunk) => {
        await new Promise(setImmediate);
        seen.push(Buffer.from(chunk).toString());
      },
      { name: 'mine', close: () => void seen.push('closed') },
    );
    const stream = sink.open();
    stream.write('a');
    await write(stream, 'b');
    assert.deepEqual(seen, ['a', 'b', 'closed']);
    assert.equal(sink.name, 'mine');
  });

  it('fails with what the function throws', async () => {
    const sink = sinkFromFunction(() => {
      throw new Error('no more');
    });
    await assert.rejects(write(sink.open(), 'x'), /no more/);
  });
});

describe('config of sinks', () => {
  const registry = new Registry().register(fileSink).register(stdoutSink).register(stderrSink);
  const { sink } = pluginCodecs(registry);

  it('makes each kind, and in the long form a file named stdin', async () => {
    const deps = fakeDeps();
    for (const [raw, name] of [
      ['stdout', 'stdout'],
      [{ type: 'stderr' }, 'stderr'],
      [{ type: 'file', path: 'stdin' }, 'stdin'],
    ] as const) {
      const decoded = sink.decode(raw);
      if (isLeft(decoded)) throw new Error('refused');
      assert.equal(decoded.right.create(deps).name, name);
    }
  });

  it('refuses a file without a path', () => {
    assert.ok(isLeft(sink.decode({ type: 'file' })));
    assert.ok(isLeft(sink.decode({ type: 'file', path: '' })));
  });
});
