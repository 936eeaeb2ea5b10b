import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import { describeComponents } from '../../../lib/config/describeComponents.js';
import { configure } from '../../../lib/plugin/configured.js';
import { pluginCodecs } from '../../../lib/plugin/pluginCodecs.js';
import type { FileUse } from '../../../lib/plugin/traits.js';
import { pemFiles } from '../guns/pemFiles.js';
import { selfSigned } from '../guns/selfSigned.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-traits-'));
const { cert, key } = selfSigned();
const pem = pemFiles();
const certificate = pem('cert.pem', cert);
const privateKey = pem('key.pem', key);
const file = join(folder, 'a.json');
const csv = join(folder, 'users.csv');
writeFileSync(file, '{"uri":"/"}\n');
writeFileSync(csv, 'name\nann\n');
after(() => rmSync(folder, { recursive: true }));

const httpScenario = join(folder, 'http.yaml');
const grpcScenario = join(folder, 'grpc.yaml');
writeFileSync(httpScenario, 'requests: [{name: a, method: GET, uri: /}]\nscenarios: [{name: s, requests: [a]}]\n');
writeFileSync(grpcScenario, 'calls: [{name: a, call: p.S.M, payload: "{}"}]\nscenarios: [{name: s, requests: [a]}]\n');

/** Options in which a key names a file, how the component uses it, and the file, when it is not `file`. */
type Row = readonly [options: object, access: FileUse['access'], path?: string];

const http = (decoder: string | undefined): Readonly<Record<string, Row>> => {
  const name = decoder === undefined ? {} : { decoder };
  return {
    file: [{ file, ...name }, 'read'],
    data: [{ file, ...name, data: { users: { csv } } }, 'read', csv],
  };
};
const target = 'localhost:1';
const answlog: Readonly<Record<string, Row>> = {
  'answlog.path': [{ target, answlog: { enabled: true, path: file } }, 'write'],
};
const certificates = (under: string): Readonly<Record<string, Row>> => ({
  [`${under}.ca`]: [{ target, [under]: { ca: certificate } }, 'read', certificate],
  [`${under}.cert`]: [{ target, [under]: { cert: certificate, key: privateKey } }, 'read', certificate],
  [`${under}.key`]: [{ target, [under]: { cert: certificate, key: privateKey } }, 'read', privateKey],
});
const httpGun = { ...answlog, ...certificates('tls') };
const grpcGun: Readonly<Record<string, Row>> = {
  ...answlog,
  ...certificates('tls'),
  descriptor_set: [{ target, descriptor_set: file }, 'read'],
  'proto.files': [{ target, proto: { files: [file] } }, 'read'],
};
const sink: Readonly<Record<string, Row>> = { sink: [{ sink: file }, 'write'] };

/** By component, the keys that name a file that it opens. */
const OPENED: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  'schedule trace': { file: [{ file, format: 'access' }, 'read'] },
  'aggregator csv': sink,
  'aggregator json': sink,
  'aggregator jsonlines': sink,
  'aggregator phout': { destination: [{ destination: file }, 'write'] },
  'provider http': http('jsonline'),
  'provider http/json': http(undefined),
  'provider raw': http(undefined),
  'provider uri': http(undefined),
  'provider uripost': http(undefined),
  'observer record': { file: [{ file }, 'write'] },
  'observer summary-json': { file: [{ file }, 'write'] },
  'observer time-series': { file: [{ file }, 'write'] },
  'observer junit': { file: [{ file }, 'write'] },
  'observer markdown': { file: [{ file }, 'write'] },
  'observer report': { file: [{ file }, 'write'] },
  'source file': { path: [{ path: file }, 'read'] },
  'sink file': { path: [{ path: file }, 'write'] },
  'provider grpc/json': { file: [{ file }, 'read'], 'source.path': [{ source: { type: 'file', path: file } }, 'read'] },
  'provider grpc/scenario': { file: [{ file: grpcScenario }, 'read', grpcScenario] },
  'provider http/scenario': { file: [{ file: httpScenario }, 'read', httpScenario] },
  'gun connect': { ...httpGun, ...certificates('connect-tls') },
  'gun http': httpGun,
  'gun http2': httpGun,
  'gun http/scenario': httpGun,
  'gun http2/scenario': httpGun,
  'gun scenario': httpGun,
  'gun grpc': grpcGun,
  'gun grpc/scenario': grpcGun,
  'gun grpc/stream': grpcGun,
};

/** Keys that mention a file and do not name one that the component opens, with the reason. */
const NOT_OPENED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['http', 'http2', 'http/scenario', 'http2/scenario', 'scenario', 'grpc', 'grpc/stream', 'grpc/scenario'].map(
      (gun) => [`gun ${gun} target`, 'the path of a Unix socket is no file that is read or written'],
    ),
  ),
  ...Object.fromEntries(
    ['grpc', 'grpc/stream', 'grpc/scenario'].map((gun) => [
      `gun ${gun} proto.import_paths`,
      'folders, in which the files of imports are searched',
    ]),
  ),
  ...Object.fromEntries(
    ['influx', 'otlp', 'prometheus-remote-write', 'webhook'].map((output) => [`observer ${output} url`, 'an address']),
  ),
  'provider scenario use': 'modules are loaded with the config, before any file is written',
};

/** Every key of a component that says that it has to do with a file, and whose value is no number, flag or list of lines. */
const mentioned = describeComponents(builtins()).flatMap(({ kind, name, keys }) =>
  keys
    .filter(({ type }) => !/^(true or false|a whole number|a list of text)/.test(type))
    .filter(({ key, type, doc }) => /\b(paths?|files?)\b/i.test(`${key} ${type} ${doc}`))
    .map(({ key }) => [`${kind} ${name}`, key] as const),
);

describe('the trait files', () => {
  it('is known of every key that names a file', () => {
    const listed = [
      ...Object.entries(OPENED).flatMap(([component, keys]) => Object.keys(keys).map((key) => `${component} ${key}`)),
      ...Object.keys(NOT_OPENED),
    ];
    assert.deepEqual(mentioned.map((words) => words.join(' ')).sort(), listed.sort());
  });

  const registry = builtins();
  const plugins = pluginCodecs(registry);
  for (const component of registry.all()) {
    const rows = Object.entries(OPENED[`${component.kind} ${component.name}`] ?? {});
    for (const [key, [options, access, path = file]] of rows) {
      it(`has the file of ${component.kind} ${component.name}: ${key}`, () => {
        const decoded = component.options(plugins).decode(options);
        assert.ok(!isLeft(decoded), JSON.stringify(options));
        const { files = [] } = configure(component, decoded.right).traits as { readonly files?: readonly FileUse[] };
        const own = files.filter(({ key: at = key }) => at === key || at.startsWith(`${key}.`));
        assert.deepEqual(
          own.map((use) => [use.path, use.access]),
          [[path, access]],
        );
      });
    }
  }
});
