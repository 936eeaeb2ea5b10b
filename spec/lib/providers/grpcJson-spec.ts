import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import type { GrpcAmmo } from '../../../lib/protocols/grpc.js';
import { grpcJson } from '../../../lib/providers/grpc/grpcJson.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { draw, drawFrom } from './drawAmmo.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-grpc-json-'));
after(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'ammo.json');
const of = (text: string, options: Record<string, unknown> = {}, log = new FakeLog()) => {
  writeFileSync(path, text);
  return draw<GrpcAmmo>({ type: 'grpc/json', file: path, passes: 1, ...options }, { log }, 100);
};
const CALL = '{"call":"p.S.M","payload":{"a":1}}';

describe('grpc/json', () => {
  it('skips blank lines and a byte order mark, and needs no line break at the end', async () => {
    const { ammo, error } = await of(`\u{feff}${CALL}\n\n   \r\n${CALL}`);
    assert.equal(error, undefined);
    assert.deepEqual(
      ammo.map(({ id, call }) => [id, call.method, call.place]),
      [
        [1, 'p.S.M', `${path}:1`],
        [2, 'p.S.M', `${path}:4`],
      ],
    );
  });

  it('ends at the limit without passes, where Pandora hangs', async () => {
    const { ammo, exhausted } = await of(`${CALL}\n`, { limit: 3, passes: 0 });
    assert.deepEqual([ammo.length, exhausted], [3, true]);
  });

  it('gives the same call to every pass, so that it is encoded once', async () => {
    const { ammo } = await of(`${CALL}\n`, { passes: 2 });
    assert.equal(ammo[0]?.call, ammo[1]?.call);
  });

  it('keeps every digit, and the messages of a stream', async () => {
    const { ammo } = await of('{"call":"p.S.M","messages":[{"id":9007199254740993}]}\n');
    assert.deepEqual(ammo[0]?.call.messages, [{ id: 9007199254740993n }]);
  });

  it('takes the path of a source before the file, as old configs write it', async () => {
    const other = join(folder, 'other.json');
    writeFileSync(other, '{"call":"p.S.Other"}\n');
    const { ammo } = await of(CALL, { source: { type: 'file', path: other } });
    assert.equal(ammo[0]?.call.method, 'p.S.Other');
  });

  it('needs a file', async () => {
    await assert.rejects(
      async () => draw({ type: 'grpc/json' }),
      ({ issues }: { issues: { code: string }[] }) => issues[0]?.code === 'required',
    );
  });

  const bad: readonly (readonly [says: string, line: string, message: RegExp])[] = [
    ['text', 'nope', /ammo\.json:2: "nope" is bad/],
    ['a list', '[]', /is bad: it is not an object with call and payload/],
    ['an object over several lines', '{"call":\n"a"}', /ammo\.json:2: /],
    ['a tag that is a number', '{"tag":1}', /tag is not a text/],
    ['a call that is a number', '{"call":1}', /call is not a text/],
    ['metadata with a number', '{"metadata":{"a":1}}', /metadata is not an object of texts/],
    ['a payload that is a text', '{"payload":"x"}', /payload is not an object/],
    ['messages that are no list', '{"messages":{}}', /messages is not a list of objects/],
    ['a line over the limit', `{"call":"${'x'.repeat(70_000)}"}`, /ammo\.json:2: the line is longer than 65536 bytes/],
  ];
  for (const [says, line, message] of bad) {
    it(`refuses ${says} with its place, and with continueonerror it is a failed shot`, async () => {
      const text = `${CALL}\n${line}\n${CALL}\n`;
      const strict = await of(text);
      assert.equal(strict.ammo.length, 1);
      assert.match(String(strict.error), message);
      assert.match(String((strict.error as { hint?: string }).hint), /one object per line|maxammosize/);
      const tolerant = await of(text, { continueonerror: true });
      assert.equal(tolerant.error, undefined);
      assert.match(String(tolerant.ammo.find(({ problem }) => problem !== undefined)?.problem), message);
      assert.equal(tolerant.ammo.filter(({ problem }) => problem === undefined).length, 2);
    });
  }

  it('has a limit for lines that maxammosize moves: one byte more is refused', async () => {
    const line = JSON.stringify({ call: 'x'.repeat(100) });
    assert.equal((await of(`${line}\n`, { maxammosize: line.length })).error, undefined);
    assert.match(String((await of(`${line}\n`, { maxammosize: line.length - 1 })).error), /longer than/);
  });

  it('decodes the same rows from any pieces of the bytes', async () => {
    const lines = [CALL, '', '{"tag":"é","call":"p.S.N"}', 'nope', `{"call":"${'y'.repeat(300)}"}`, CALL];
    const bytes = Buffer.from(lines.join('\n'));
    const options = { type: 'grpc/json', passes: 1, continueonerror: true, maxammosize: 200 };
    const read = async (cuts: readonly number[]) => {
      const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
      const pieces = edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
      const source = {
        name: 'pieces',
        rereadable: false,
        open: async function* () {
          yield* pieces;
        },
      };
      const { ammo } = await drawFrom<GrpcAmmo>(source, options, { log: new FakeLog() });
      return ammo.map(({ tag, call, problem }) => [tag, call.method.slice(0, 9), call.place, problem]);
    };
    const whole = await read([]);
    assert.equal(whole.length, 5);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        assert.deepEqual(await read(cuts), whole);
      }),
      { numRuns: 60 },
    );
  });

  it('shows the first ammo of a file while the config is checked', () => {
    writeFileSync(path, `${CALL}\nnope\n{"call":"half`);
    const first = (continueOnError: boolean) => {
      const config = grpcJson.options().decode({ file: path, continueOnError });
      assert.ok(isRight(config));
      return (grpcJson.traits(config.right).first?.(40) ?? []).map(({ ammo }) => ammo as GrpcAmmo);
    };
    assert.deepEqual(
      first(false).map(({ problem }) => problem === undefined),
      [true, false],
    );
    assert.deepEqual(
      first(true).map(({ problem }) => problem === undefined),
      [true],
    );
  });
});
