import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { CodecIssue } from '../../../lib/codec/issue.js';
import type { GrpcAmmo } from '../../../lib/protocols/grpc.js';
import { type HttpAmmo, isHttpAmmo } from '../../../lib/protocols/http.js';
import { draw } from './drawAmmo.js';

/** Ammo of a gRPC provider. */
interface ExpectedCall {
  readonly tag: string;
  readonly call: string;
  readonly metadata: unknown;
  readonly payload: unknown;
  readonly invalid?: boolean;
}

interface ExpectedAmmo {
  readonly unbuildable?: string;
  readonly method?: string;
  readonly requestTarget?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string | null;
  readonly tag?: string;
  readonly id?: number;
  readonly connectionClose?: boolean;
  readonly chunked?: boolean;
}

interface Vector {
  readonly id: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly fileContent?: string;
  readonly fileContentTemplate?: string;
  readonly fileContentSubstitute?: Readonly<Record<string, { readonly repeat: string; readonly times: number }>>;
  readonly take?: number;
  readonly expect: {
    readonly ammo?: readonly ExpectedAmmo[] | string;
    readonly exhausted?: boolean;
    readonly error?: { readonly stage: 'config' | 'run'; readonly kind: string };
  };
}

/** CodecIssue codes of ours that say the same as a name in the vectors. */
const FLAW_KINDS: Readonly<Record<string, string>> = { 'unknown-decoder': 'one-of' };

const folder = mkdtempSync(join(tmpdir(), 'elpis-ammo-'));
after(() => rmSync(folder, { recursive: true }));

function content({ fileContent, fileContentTemplate = '', fileContentSubstitute = {} }: Vector): string {
  if (fileContent !== undefined) return fileContent;
  return Object.entries(fileContentSubstitute).reduce(
    (text, [mark, { repeat, times }]) => text.replaceAll(mark, repeat.repeat(times)),
    fileContentTemplate,
  );
}

function written(target: string): string {
  return target.length > 200 ? `${target.slice(0, 2)}... (length ${target.length})` : target;
}

/** Numbers of the vectors are doubles. */
function inDoubles(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inDoubles(each)]));
}

function shownCall({ tag, call, problem }: GrpcAmmo): ExpectedCall {
  const { method, metadata, payload } = call;
  const invalid = problem === undefined ? {} : { invalid: true };
  return { tag, call: method, metadata, payload: inDoubles(payload), ...invalid };
}

function shown(ammo: HttpAmmo, expected: ExpectedAmmo | undefined): ExpectedAmmo {
  if (ammo.problem !== undefined) return { unbuildable: expected?.unbuildable ?? 'unexpected' };
  const { request, tag, id } = ammo;
  const headers: Record<string, string[]> = {};
  for (const [name, value] of request.headers) headers[name] = [...(headers[name] ?? []), value];
  return {
    method: request.method,
    requestTarget: written(request.target),
    host: request.host,
    headers,
    body: request.body === null ? null : Buffer.from(request.body).toString(),
    tag,
    id,
    ...(request.close ? { connectionClose: true } : {}),
    ...(request.chunked ? { chunked: true } : {}),
  };
}

async function proves(vector: Vector): Promise<void> {
  const path = join(folder, vector.id);
  writeFileSync(path, content(vector));
  const config = { ...vector.config, ...('file' in vector.config ? { file: path } : {}) };
  const { ammo: wanted = [], error: failure, exhausted } = vector.expect;
  if (failure?.stage === 'config') {
    await assert.rejects(
      async () => draw(config),
      ({ issues }: { issues: CodecIssue[] }) => {
        assert.deepEqual(
          issues.map(({ code }) => code),
          [FLAW_KINDS[failure.kind] ?? failure.kind],
        );
        return true;
      },
    );
    return;
  }
  if (typeof wanted === 'string') return;
  const most = vector.take ?? wanted.length + 10;
  const drawn = await draw<HttpAmmo | GrpcAmmo>(config, {}, most);
  const expected = wanted.map((ammo) => {
    // The vectors repeat the whole URL when it is not just the target.
    const { url: _url, ...rest } = ammo as ExpectedAmmo & { url?: string };
    return rest;
  });
  assert.deepEqual(
    drawn.ammo.map((ammo, index) => (isHttpAmmo(ammo) ? shown(ammo, expected[index]) : shownCall(ammo))),
    expected,
  );
  assert.equal((drawn.error as { kind?: string } | undefined)?.kind, failure?.kind);
  if (exhausted !== undefined) assert.equal(drawn.exhausted, exhausted);
}

for (const file of ['uri', 'uripost', 'raw', 'http-json', 'middleware', 'other', 'grpc-json']) {
  describe(`vectors of ${file}`, () => {
    const { vectors } = JSON.parse(readFileSync(`spec/vectors/ammo/${file}.json`, 'utf8')) as { vectors: Vector[] };
    for (const vector of vectors) it(vector.id, () => proves(vector));
  });
}
