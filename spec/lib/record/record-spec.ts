import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { Summaries } from '../../../lib/engine/summaries.js';
import { OTHER_TAGS } from '../../../lib/measure/window.js';
import { writeRecordTo } from '../../../lib/observers/record.js';
import { readRecord } from '../../../lib/record/file/readRecord.js';
import { VirtualClock } from '../../../lib/testing/index.js';
import { eventsOf, facts, inFolder, recordOf, started, windowAt, windowEvent } from './recorded.js';
import { someEvent } from './someEvents.js';

const warning = (message: string): RunEvent => ({ type: 'warning', at: 0, message, fields: {} });
const annotation = (at: number): RunEvent => ({ type: 'annotation', at, text: `at ${at}` });
/** Reports that are not the last are left out of a record. */
const kept = (event: RunEvent): boolean => event.type !== 'report' || event.report.final;

/** The events of a run of two pools, with windows of one second. */
function* longRun(seconds: number): Generator<RunEvent> {
  yield started('a', 'b');
  for (const pool of ['a', 'b']) yield { type: 'pool-started', pool, at: 0 };
  for (let second = 0; second < seconds; second++)
    for (const [i, pool] of ['a', 'b'].entries()) {
      yield windowEvent(pool, windowAt(second, i === 0 ? ['x', 'y'] : ['z']), i === 0 ? 2 : undefined);
      yield { type: 'progress', pool, at: (second + 1) * 1000, progress: progressOf(second) };
      if (second % 100 === 99) yield annotation(second * 1000);
    }
  yield { type: 'run-finished', at: seconds * 1000, summaries: [] };
}

const progressOf = (second: number) => ({
  ...{ elapsed: second * 1000, requests: second, responses: second, inFlight: 0, instances: 1, instancesStarted: 3 },
  ...{ instancesGrown: 0, discarded: 0, unfinished: 0, emptyShots: 0 },
});

function summariesOf(events: Iterable<RunEvent>): unknown {
  const summaries = new Summaries(['a', 'b'].map((id) => ({ id, rpsPerInstance: false })));
  for (const event of events)
    if ('pool' in event && event.type !== 'command' && event.type !== 'annotation') summaries.add(event);
  return summaries.all;
}

describe('a record', () => {
  it('has all events of the run, and a header', () =>
    inFolder(async (file) => {
      await fc.assert(
        fc.asyncProperty(fc.array(someEvent, { maxLength: 20 }), async (some) => {
          const events = [started('a'), ...some.filter(({ type }) => type !== 'run-started')];
          await recordOf(file, events, { tags: 10 });
          assert.deepEqual(await eventsOf(file), events.filter(kept));
        }),
        { numRuns: 30 },
      );
      const { header, lengths } = await readRecord(file);
      const { start, ...rest } = header;
      assert.ok(start > 1e12);
      assert.deepEqual(rest, { version: '1.0', seed: 7, facts });
      assert.deepEqual(lengths, [0, 60_000, 600_000]);
    }));

  it('keeps the warnings before the start of the run, after the header', () =>
    inFolder(async (file) => {
      await recordOf(file, [warning('first'), warning('second'), started('a')]);
      assert.deepEqual(await eventsOf(file), [warning('first'), warning('second'), started('a')]);
    }));

  it('of a run that failed before its start has a header without facts', () =>
    inFolder(async (file) => {
      const finished: RunEvent = {
        type: 'run-finished',
        at: 3,
        summaries: [],
        failure: { code: 'ELPIS_GUN', message: 'no' },
      };
      await recordOf(file, [warning('first'), finished]);
      assert.deepEqual(await eventsOf(file), [warning('first'), finished]);
      assert.equal((await readRecord(file)).header.facts, undefined);
    }));

  it('that was cut anywhere has the events before the cut', () =>
    inFolder(async (file) => {
      const events = [...longRun(3)];
      await recordOf(file, events);
      const size = statSync(file).size;
      const header = readFileSync(file, 'utf8').indexOf('\n') + 1;
      let before = events.length;
      for (let at = size; at >= header; at -= 37) {
        truncateSync(file, at);
        const read = await eventsOf(file);
        assert.deepEqual(read, events.slice(0, read.length));
        assert.ok(read.length <= before);
        before = read.length;
      }
      assert.equal(before, 0);
    }));

  it('is read while the run goes on, and after gzip, also when that was cut', () =>
    inFolder(async (file) => {
      const events = [...longRun(5)];
      await recordOf(file, events);
      const packed = gzipSync(readFileSync(file));
      writeFileSync(`${file}.gz`, packed);
      assert.deepEqual(await eventsOf(`${file}.gz`), events);
      assert.deepEqual(await eventsOf(`${file}.gz`, { every: 60_000 }), await eventsOf(file, { every: 60_000 }));
      writeFileSync(`${file}.gz`, packed.subarray(0, packed.length - 200));
      const read = await eventsOf(`${file}.gz`);
      assert.ok(read.length > 0);
      assert.deepEqual(read, events.slice(0, read.length));
    }));

  for (const killed of [false, true]) {
    it(`has longer windows, with which ${killed ? 'a killed run' : 'a run'} has the same results`, () =>
      inFolder(async (file) => {
        const events = [...longRun(1330)];
        await recordOf(file, events);
        if (killed) truncateSync(file, readFileSync(file).lastIndexOf('{"type":"index",') + 20);
        const all = await eventsOf(file);
        assert.deepEqual(all, events);
        const expected = summariesOf(events);
        const windows = (of: readonly RunEvent[], pool: string): readonly number[] =>
          of.flatMap((event) =>
            event.type === 'window' && event.pool === pool ? [event.window.to - event.window.from] : [],
          );
        const minutes = await eventsOf(file, { every: 60_000 });
        const lengthsOfMinutes = [...Array(22).fill(60_000), ...Array(10).fill(1000)];
        assert.deepEqual(windows(minutes, 'a'), lengthsOfMinutes);
        assert.deepEqual(windows(minutes, 'b'), lengthsOfMinutes);
        const tens = await eventsOf(file, { every: 600_000 });
        assert.deepEqual(windows(tens, 'a'), [600_000, 600_000, 60_000, 60_000, ...Array(10).fill(1000)]);
        for (const read of [minutes, tens]) {
          assert.deepEqual(summariesOf(read), expected);
          const others = (of: readonly RunEvent[]) => of.filter(({ type }) => type !== 'window' && type !== 'progress');
          assert.deepEqual(others(read), others(events));
        }
        const progress = minutes.filter(({ type }) => type === 'progress').length;
        assert.ok(progress <= 22 * 4, `${progress} progress events`);
      }));
  }

  it('has rows for the first tags of a pool, and one for all others', () =>
    inFolder(async (file) => {
      const events = [
        started('a'),
        windowEvent('a', windowAt(0, ['x', 'y', 'z', OTHER_TAGS])),
        windowEvent('a', windowAt(1, ['z', 'x', 'q'])),
      ];
      await recordOf(file, events, { tags: 2 });
      const read = await eventsOf(file);
      const rows = read.flatMap((event) =>
        event.type === 'window'
          ? [[[...event.window.tags].map(([tag, { count }]) => [tag, count]), event.window.beyondTagLimit]]
          : [],
      );
      assert.deepEqual(rows, [
        [
          [
            ['x', 1],
            ['y', 1],
            [OTHER_TAGS, 2],
          ],
          1,
        ],
        [
          [
            [OTHER_TAGS, 2],
            ['x', 1],
          ],
          2,
        ],
      ]);
    }));

  it('of a rehearsal is written at once', () =>
    inFolder(async (file) => {
      await recordOf(file, longRun(100), { scheduler: new VirtualClock(5000) });
      assert.equal((await readRecord(file)).header.start, 5000);
      assert.deepEqual(await eventsOf(file), [...longRun(100)]);
    }));
});

describe('writing a record', () => {
  it('refuses a directory, a pipe, a device, a missing folder and a compressed file before the run, and changes nothing', () =>
    inFolder(async (file, folder) => {
      execFileSync('mkfifo', [`${folder}/pipe`]);
      for (const [path, message] of [
        [folder, /cannot write the record .*: it is a directory/],
        [`${folder}/pipe`, /it is a pipe or a device/],
        ['/dev/null', /it is a pipe or a device/],
        [`${folder}/no/run.elp`, /ENOENT/],
        [`${folder}/run.elp.gz`, /is not compressed while it is written/],
      ] as const) {
        assert.throws(() => writeRecordTo({ file: path }), { code: 'ELPIS_SINK', message });
      }
      writeRecordTo({ file });
      assert.ok(!existsSync(file), 'a check creates nothing');
      writeFileSync(file, 'old');
      writeRecordTo({ file });
      assert.equal(readFileSync(file, 'utf8'), 'old', 'a check changes nothing');
    }));

  it('ends with the lines before the error when the disk is full', () =>
    inFolder(async (file) => {
      let room = 3;
      const full = recordOf(file, longRun(20), {
        scheduler: new VirtualClock(0),
        write: (_to, bytes, done) => {
          if (room-- === 0)
            return done(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }), 0);
          writeFileSync(file, bytes, { flag: 'a' });
          done(null, bytes.length);
        },
      });
      await assert.rejects(full, { code: 'ELPIS_SINK', message: /cannot write the record .*: ENOSPC: no space left/ });
      assert.deepEqual(await eventsOf(file), [...longRun(20)].slice(0, 2));
    }));

  it('writes the rest when the system has taken only a part of the bytes', () =>
    inFolder(async (file) => {
      await recordOf(file, longRun(3), {
        write: (_to, bytes, done) => {
          const part = bytes.subarray(0, Math.min(100, bytes.length));
          writeFileSync(file, part, { flag: 'a' });
          done(null, part.length);
        },
      });
      assert.deepEqual(await eventsOf(file), [...longRun(3)]);
    }));

  it('leaves out windows and progress when the disk is too slow, with bounded memory; the rest is kept and the loss is stated', () =>
    inFolder(async (file) => {
      const waiting: (() => void)[] = [];
      const warnings: string[] = [];
      let held = 0;
      const long = 'x'.repeat(1_000_000);
      const progress: RunEvent = { type: 'progress', pool: long, at: 1, progress: progressOf(1) };
      function* events(): Generator<RunEvent> {
        yield started('a');
        for (let i = 0; i < 100; i++) yield progress;
        yield annotation(1);
        // The disk catches up.
        for (let write = waiting.shift(); write !== undefined; write = waiting.shift()) write();
        yield annotation(2);
        yield progress;
      }
      const lost = recordOf(file, events(), {
        log: { warn: (message) => warnings.push(message) },
        write: (_to, bytes, done) => {
          held = Math.max(held, bytes.length);
          const write = (): void => {
            writeFileSync(file, bytes, { flag: 'a' });
            done(null, bytes.length);
          };
          if (waiting.length === 0 && held < 1_000_000) waiting.push(write);
          else write();
        },
      });
      await assert.rejects(lost, {
        code: 'ELPIS_SINK',
        message: /^66 lines are missing in the record .*: the disk was too slow/,
      });
      assert.ok(held < 36_000_000, `${held} bytes waited`);
      assert.deepEqual(warnings, [`record: ${file} is written too slowly, lines are left out`]);
      const types = (await eventsOf(file)).map((event) => (event.type === 'warning' ? event.message : event.type));
      assert.deepEqual(
        [...new Set(types)],
        ['run-started', 'progress', 'annotation', 'record: 66 lines were left out here because the disk was too slow'],
      );
      assert.equal(types.filter((type) => type === 'annotation').length, 2);
    }));
});

describe('reading a record', () => {
  const header = JSON.stringify({ type: 'elpis-record', major: 1, minor: 0, start: 1 });
  const refused: readonly (readonly [what: string, content: string, message: RegExp])[] = [
    ['an empty file', '', /run\.elp:1: the file is empty, expected a record$/],
    ['another text', 'pools:\n', /run\.elp:1: expected the header of a record, \{"type":"elpis-record", \.\.\.\}$/],
    ['another JSON', '{"type":"window"}\n', /run\.elp:1: expected the header of a record/],
    ['half of a header', header.slice(0, 20), /run\.elp:1: expected a line of JSON/],
    [
      'a header with a wrong value',
      header.replace('"start":1', '"start":{}'),
      /:1: header\.start: expected a number, got \{\}$/,
    ],
    [
      'a newer major version',
      header.replace('"major":1', '"major":2'),
      /:1: the record has version 2\.0, expected 1\.x$/,
    ],
    [
      'a damaged line',
      `${header}\n{"type":"annotation","at":1,"text":"a"}\n{"type":"anno\n`,
      /:3: expected a line of JSON/,
    ],
    [
      'a damaged value',
      `${header}\n{"type":"annotation","at":1}\n`,
      /:2: annotation\.text: expected a text, got nothing$/,
    ],
    ['an event of no type', `${header}\n{"type":"sunset","at":1}\n`, /:2: expected an event, got "sunset"$/],
    ['two records in one file', `${header}\n${header}\n`, /:2: expected an event, got "elpis-record"$/],
  ];
  for (const [what, content, message] of refused) {
    it(`refuses ${what}, with its line`, () =>
      inFolder(async (file) => {
        writeFileSync(file, content);
        await assert.rejects(eventsOf(file), { code: 'ELPIS_RECORD', message });
      }));
  }

  it('refuses a file that does not exist, and a directory', () =>
    inFolder(async (file, folder) => {
      await assert.rejects(readRecord(file), { code: 'ELPIS_RECORD', message: /run\.elp: there is no such file$/ });
      await assert.rejects(readRecord(folder), { code: 'ELPIS_RECORD', message: /it is a directory$/ });
    }));

  it('leaves out events and keys of a newer minor version', () =>
    inFolder(async (file) => {
      const newer = `${header.replace('"minor":0', '"minor":9,"mood":"good"')}\n{"type":"sunset"}\n{"type":"annotation","at":1,"text":"a","x":1}\n`;
      writeFileSync(file, newer);
      assert.deepEqual(await eventsOf(file), [{ type: 'annotation', at: 1, text: 'a' }]);
      assert.equal((await readRecord(file)).header.version, '1.9');
    }));

  it('does not keep a line that never ends', () =>
    inFolder(async (file) => {
      writeFileSync(file, '');
      truncateSync(file, 80 * 1024 * 1024);
      await assert.rejects(readRecord(file), { code: 'ELPIS_RECORD', message: /:1: a line is longer than 64 MiB/ });
    }));

  it('ignores an index that is damaged', () =>
    inFolder(async (file) => {
      await recordOf(file, longRun(61));
      const expected = await eventsOf(file, { every: 60_000 });
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace('{"type":"index","levels":[', '{"type":"index","levels":{'),
      );
      assert.deepEqual(await eventsOf(file, { every: 60_000 }), expected);
    }));
});
