import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { builtins } from '../../../lib/builtins/builtins.js';
import * as components from '../../../lib/builtins/components.js';

import type { Field, Fields } from '../../../lib/codec/struct.js';
import type { AnyComponent } from '../../../lib/plugin/anyComponent.js';
import { CONFIGURED } from '../../../lib/plugin/configured.js';
import { get, scenario } from '../../../lib/scenario/index.js';
import { projectConfig } from '../../house/projectConfig.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const { composite, constant, csv, dummy, fileSink, headerDate, http, instanceStep, jitterOperator, jittered } =
  components;
const { json, jsonlines, jsonValues, line, logSamples, mixed, mixedAmmo, nodeFetch, num, once, phout } = components;
const { poissonArrivals, retag, sampled, step, stderrSink, stdinSource, trace, unlimited, uri, urlSource } = components;
const { scenarioGun } = components;

const target = 'localhost:80';
const thirty = constant({ ops: 10, duration: '30s' });
const browse = scenario('browse', get('goods', '/goods'));

describe('the table of components', () => {
  it('has the components of the built-in registry', () => {
    assert.deepEqual(new Set(builtins().all()), new Set(Object.values(components)));
  });

  const lines: readonly (readonly [made: { readonly [CONFIGURED]: { describe(): string } }, text: string])[] = [
    [line({ from: 1, to: 500, duration: '60s' }), 'line 1 to 500/s in 60 s, 15,030 operations'],
    [thirty, 'const 10/s for 30 s, 300 operations'],
    [constant({ duration: '5s' }), 'a pause of 5 s'],
    [step({ from: 10, to: 30, step: 10, duration: '10s' }), 'step 10 to 30/s by 10, each 10 s, 600 operations'],
    [once({ times: 1 }), 'once, 1 operation'],
    [unlimited({ duration: '5m' }), 'unlimited for 5m'],
    [
      instanceStep({ from: 1, to: 21, step: 10, stepduration: '500ms' }),
      'instance_step 1 to 21 by 10 every 500 ms, 21 operations',
    ],
    [
      composite({ nested: [once({ times: 2 }), [thirty]] }),
      'once, 2 operations, then const 10/s for 30 s, 300 operations',
    ],
    [mixed({ nested: [] }), 'nothing'],
    [jittered({ nested: thirty, amount: '5ms' }), 'const 10/s for 30 s, 300 operations, moved by up to 5 ms'],
    [poissonArrivals({ nested: thirty }), 'const 10/s for 30 s, 300 operations, with random arrivals'],
    [
      trace({ file: fileURLToPath(import.meta.url), format: 'access', speed: 2, passes: 3 }),
      `trace of ${fileURLToPath(import.meta.url)} (access), 2 times as fast, 3 times`,
    ],
    [uri({ uris: ['/'] }), 'uri, 1 line'],
    [uri({ file: 'stdin' }), 'uri from stdin'],
    [num({ limit: 5000 }), 'num, 5,000 ammo'],
    [dummy(), 'dummy, endless'],
    [jsonValues({ source: { type: 'inline', data: '[]' } }), 'json from inline, 2 bytes'],
    [
      mixedAmmo({ providers: [{ weight: 2, ammo: num() }, { ammo: dummy() }] }),
      'mix of 2 x num, endless and 1 x dummy, endless',
    ],
    [http({ target, ssl: true }), 'http to localhost:80 over TLS; no limit for a whole shot (request-timeout)'],
    [nodeFetch({ target, requestTimeout: '30s' }), 'fetch to localhost:80'],
    [scenarioGun({ target, requestTimeout: '30s' }), 'scenarios to localhost:80'],
    [components.scenarioProvider({ scenarios: [browse] }), '1 scenario'],
    [phout(), 'phout to stdout'],
    [csv({ sink: './a.csv' }), 'csv to ./a.csv'],
    [
      sampled({ oneIn: 100, result: json({ sink: 'stderr' }) }),
      'one sample in 100, and all that failed, for json to stderr',
    ],
    [
      sampled({ oneIn: 2, keepFailed: false, result: { type: 'csv', sink: './a.csv' } }),
      'one sample in 2 for csv to ./a.csv',
    ],
    [retag({ pattern: '[0-9]+' }), 'retag [0-9]+ to *'],
    [jitterOperator({ amount: '50ms' }), 'jitter by up to 50 ms'],
    [urlSource({ url: 'http://localhost/ammo' }), 'http://localhost/ammo'],
  ];
  for (const [made, text] of lines)
    it(`describes itself: ${text}`, () => assert.equal(made[CONFIGURED].describe(), text));

  const traits: readonly (readonly [
    sentence: string,
    made: { readonly [CONFIGURED]: { readonly traits: object } },
    traits: object,
  ])[] = [
    [
      'an unlimited part makes a composite unlimited',
      composite({ nested: [unlimited({ duration: '1s' })] }),
      { unlimited: true },
    ],
    ['a composite of counted parts is not', composite({ nested: [thirty] }), { unlimited: false }],
    ['ammo from stdin', uri({ file: 'stdin' }), { makes: ['http'], endless: true, stdin: true }],
    ['ammo with a limit', uri({ uris: ['/'], limit: 5 }), { makes: ['http'], endless: false, stdin: false }],
    [
      'a mix makes what its providers make, and ends with the first',
      mixedAmmo({ providers: [{ ammo: num() }, { ammo: dummy({ limit: 5 }) }, { ammo: num() }] }),
      { makes: ['number', 'empty'], endless: false, stdin: false },
    ],
    [
      'a mix that continues is endless when one is',
      mixedAmmo({ whenOneEnds: 'continue', providers: [{ ammo: num() }, { ammo: uri({ file: 'stdin', limit: 1 }) }] }),
      { makes: ['number', 'http'], endless: true, stdin: true },
    ],
    ['stdout, which phout writes to by itself', phout(), { stdout: true }],
    [
      'a file is not stdout',
      jsonlines({ sink: './a' }),
      { stdout: false, files: [{ path: './a', access: 'write', key: 'sink' }] },
    ],
    ['stdout behind another result', sampled({ oneIn: 2, result: csv({ sink: 'stdout' }) }), { stdout: true }],
    ['a log is not stdout', logSamples(), {}],
    ['stdin', stdinSource(), { stdin: true }],
    ['stderr', stderrSink(), {}],
    ['a file to write', fileSink({ path: 'a' }), { files: [{ path: 'a', access: 'write' }] }],
    ['a middleware of HTTP ammo', headerDate(), { takes: ['http'] }],
  ];
  for (const [sentence, made, expected] of traits)
    it(`has traits: ${sentence}`, () => {
      const {
        hosts: _counts,
        tags: _tags,
        ...others
      } = made[CONFIGURED].traits as {
        readonly hosts?: unknown;
        readonly tags?: unknown;
      };
      assert.deepEqual(others, expected);
    });

  it('has traits: the connections, the timeout and the tags of the HTTP gun', () => {
    const options = { target, disableKeepAlives: true, responseHeaderTimeout: '2s', autoTag: { enabled: true } };
    const { tagOf, ...others } = http(options)[CONFIGURED].traits as { tagOf(ammo: unknown): string };
    const endpoint = { host: 'localhost', port: 80, text: target };
    assert.deepEqual(others, {
      takes: ['http'],
      protocol: 'HTTP/1.1',
      files: [],
      connections: { target: endpoint, keepAlive: false, idleMs: 90_000, shared: false, localAddresses: [] },
      timeoutMs: 2000,
      retags: true,
    });
    assert.equal(tagOf({ protocol: 'http', id: 1, tag: '', request: { path: '/my/very/deep/page' } }), '/my/very');
    const scenarios = scenarioGun({ target })[CONFIGURED].traits as Record<string, unknown>;
    assert.deepEqual([scenarios.cookies, scenarios.takes], ['instance', ['scenario']]);
  });
});

describe('the text that an editor shows', () => {
  const config = projectConfig(ROOT);
  const asked = join(ROOT, 'spec/types/asked.ts');
  const text =
    "import { line, http } from 'elpis';\nline({ from: 1, duration: '1s' });\nhttp({ target: '', dial: { timeout: '1s' } });\n";
  const host: ts.LanguageServiceHost = {
    getScriptFileNames: () => [asked],
    getScriptVersion: () => '1',
    getScriptSnapshot: (file) => {
      const content = file === asked ? text : ts.sys.readFile(file);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => ROOT,
    getCompilationSettings: () => config.options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (file) => file === asked || ts.sys.fileExists(file),
    readFile: ts.sys.readFile,
  };
  const service = ts.createLanguageService(host);
  const shownAt = (word: string): string =>
    ts.displayPartsToString(service.getQuickInfoAtPosition(asked, text.indexOf(word))?.documentation);

  it('is the sentence of a key, at the call of a component', () => {
    assert.equal(shownAt('from: 1'), 'Operations per second at the start.');
    assert.equal(shownAt('duration: '), 'How long.');
    assert.equal(shownAt('target: '), 'Where to connect, host:port or unix:/path.');
    assert.equal(shownAt('timeout: '), 'How long resolving and connecting may take; 0 = no limit.');
  });

  it('is that of `elpis plugins` and of the schema, for every key of every component', () => {
    const program = service.getProgram();
    assert.ok(program);
    const checker = program.getTypeChecker();
    const table = program.getSourceFile(join(ROOT, 'lib/builtins/components.ts'));
    assert.ok(table);
    const symbol = checker.getSymbolAtLocation(table);
    assert.ok(symbol);
    const wrong: string[] = [];
    let keys = 0;
    const compare = (place: string, fields: Fields, type: ts.Type): void => {
      for (const [key, field] of Object.entries(fields) as [string, Field<unknown>][]) {
        const given = checker.getNonNullableType(type);
        // A flag or a map: only the map has the key.
        const property = (given.isUnion() ? given.types : [given]).map((one) => one.getProperty(key)).find(Boolean);
        const shown = ts.displayPartsToString(property?.getDocumentationComment(checker));
        const said = `${field.doc[0]?.toUpperCase()}${field.doc.slice(1)}.`;
        keys++;
        if (shown !== said) wrong.push(`${place}.${key}: "${shown}" is not "${said}"`);
        const { fields: inner } = field.codec as { readonly fields?: Fields };
        if (inner !== undefined && property !== undefined) {
          compare(`${place}.${key}`, inner, checker.getTypeOfSymbol(property));
        }
      }
    };
    for (const exported of checker.getExportsOfModule(symbol)) {
      const [signature] = checker.getTypeOfSymbol(exported).getCallSignatures();
      const [parameter] = signature?.getParameters() ?? [];
      assert.ok(parameter, exported.name);
      const component = new Map<string, AnyComponent>(Object.entries(components)).get(exported.name);
      assert.ok(component, exported.name);
      const { fields = {} } = component.options() as { readonly fields?: Fields };
      const [options] = checker.getTypeArguments(checker.getTypeOfSymbol(parameter) as ts.TypeReference);
      assert.ok(options, exported.name);
      compare(exported.name, fields, options);
    }
    assert.deepEqual(wrong, []);
    assert.ok(keys > 150, String(keys));
  });
});
