import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../../lib/builtins/builtins.js';
import type { JsonSchema } from '../../../../lib/codec/schema.js';
import { yamlDocument } from '../../../../lib/codec/text/yaml.js';
import { decodeConfig } from '../../../../lib/config/decodeConfig.js';
import { exampleConfig } from '../../../../lib/config/exampleConfig.js';
import { jsonDocument } from '../../../../lib/config/read/json.js';
import { configSchema } from '../../../../lib/config/schema/configSchema.js';
import { keyPattern } from '../../../../lib/config/schema/mapSchema.js';
import type { Registry } from '../../../../lib/plugin/registry.js';
import { probeRegistry, probeText } from '../probe.js';

function validator(registry: Registry): (value: unknown) => string {
  const validate = new Ajv({
    allErrors: true,
    strict: true,
  }).compile(configSchema(registry));
  return (value) => (validate(value) ? '' : JSON.stringify(validate.errors?.slice(0, 5)));
}
const codecIssuesOf = validator(builtins());

function parsed(text: string, format: 'yaml' | 'json' = 'yaml'): unknown {
  const document = (format === 'json' ? jsonDocument : yamlDocument)('text', text);
  if (isLeft(document)) assert.fail(document.left.message);
  return document.right.written;
}

const poolText = (changes: string): string => {
  const keys = {
    gun: '{type: http, target: "localhost:80"}',
    ammo: '{type: uri, uris: [/]}',
    result: '{type: discard}',
    rps: '{type: once, times: 1}',
    startup: '{type: once, times: 1}',
  };
  const given = changes.split('\n').map((line) => line.split(':')[0]);
  const rest = Object.entries(keys).filter(([key]) => !given.includes(key));
  return `pools:\n  - ${[...rest.map(([key, value]) => `${key}: ${value}`), ...changes.split('\n').filter((line) => line !== '')].join('\n    ')}\n`;
};

const ACCEPTED: readonly (readonly [sentence: string, changes: string])[] = [
  ['the least', ''],
  ['an id', 'id: shop'],
  ['null for a default', 'id: ~\noverflow: ~\nrps-per-instance:'],
  ['a list of schedules, at any depth', 'rps: [{type: once, times: 1}, [{type: const, ops: 1.5, duration: 1m30s}]]'],
  ['several results', 'result: [{type: phout}, {type: jsonlines, sink: stdout}]'],
  ['a path for a sink', 'result: {type: phout, destination: ./p.log, buffer-size: 8mb, flush-time: 1s}'],
  ['a map for a sink', 'result: {type: phout, destination: {type: file, path: ./p.log}}'],
  ['a path, an address and a map for a source', 'ammo: {type: raw, file: {type: inline, data: x}}'],
  ['maps inside', 'gun: {type: http, target: ":80", dial: {timeout: 100ms, dns-cache: false}}'],
  ['a policy by name', 'overflow: queue'],
  ['a policy with its limits', 'overflow: {policy: grow, max-instances: 5, after: 10ms}'],
  ['references wherever a value stands', 'gun: {type: http, target: "${T}", ssl: "${S}"}\nid: "${I}"'],
  ['references for numbers and durations', 'rps: {type: const, ops: "${N}", duration: "${D}"}'],
  ['other spellings of keys', 'Rps_Per_Instance: true\nDISCARD-OVERFLOW: false\nover_flow: queue'],
  ['other spellings of keys that must be there', 'gun: {Type: http, TARGET: "a:1"}\nammo: {type: uri, URIs: [/]}'],
  ['a bare number for nanoseconds', 'rps: {type: const, ops: 1, duration: 1000000000}'],
  ['an operator of a module, with any keys', 'operators: {samples: [{use: ./a.ts, by: 5}]}'],
];

const REFUSED: readonly (readonly [sentence: string, changes: string])[] = [
  ['an unknown key', 'shared: true'],
  ['a key with a typing error', 'gun: {type: http, target: "localhost:80", dail: {}}'],
  ['an unknown key inside', 'gun: {type: http, target: "localhost:80", dial: {timout: 1s}}'],
  ['an unknown type', 'gun: {type: htp, target: "localhost:80"}'],
  ['no type', 'gun: {target: "localhost:80"}'],
  ['a component of another kind', 'gun: {type: uri}'],
  ['a key that is missing', 'gun: {type: http}'],
  ['null for a key that must be there', 'gun: {type: http, target: ~}'],
  ['null for a component', 'gun: ~'],
  ['a target without a port', 'gun: {type: http, target: localhost}'],
  ['a duration without a unit', 'rps: {type: const, ops: 1, duration: "30"}'],
  ['a duration with an unknown unit', 'rps: {type: const, ops: 1, duration: 3 days}'],
  ['a quoted number', 'rps: {type: once, times: "1"}'],
  ['a number below the least', 'rps: {type: once, times: 0}'],
  ['a quoted flag', 'rps-per-instance: "true"'],
  ['a size with an unknown unit', 'result: {type: phout, buffer-size: 8xb}'],
  ['a number where text stands', 'id: 5'],
  ['a word for a component', 'result: phout'],
  ['an empty list of results', 'result: []'],
  ['a wrong part of a list of schedules', 'rps: [{type: once, times: 1}, {type: constant}]'],
  ['an unknown policy', 'overflow: wait'],
  ['an unknown pacing', 'pacing: fast'],
  ['operators at an unknown point', 'operators: {ammo: []}'],
];

describe('the JSON Schema of configs', () => {
  for (const [sentence, changes] of ACCEPTED) {
    it(`accepts ${sentence}`, () => assert.equal(codecIssuesOf(parsed(poolText(changes))), ''));
  }
  for (const [sentence, changes] of REFUSED) {
    it(`refuses ${sentence}, as Elpis does`, () => {
      const value = parsed(poolText(changes));
      assert.ok(isLeft(decodeConfig(value, builtins())));
      assert.notEqual(codecIssuesOf(value), '');
    });
  }

  it('keys at the top that begin with x- are free, here and when a config is read', () => {
    const value = parsed(`x-gun: &gun {type: http, target: "a:1"}\nX-more: [1]\n${poolText('gun: *gun')}`);
    assert.equal(codecIssuesOf(value), '');
    assert.ok(!isLeft(decodeConfig(value, builtins())));
    assert.ok(isLeft(decodeConfig(parsed(poolText('x-free: 1')), builtins())));
  });

  it('accepts every example and what elpis init writes', () => {
    for (const folder of readdirSync('examples')) {
      for (const file of readdirSync(`examples/${folder}`).filter((name) => /\.(ya?ml|json)$/.test(name))) {
        const value = parsed(readFileSync(`examples/${folder}/${file}`, 'utf8'));
        // Components of the example's own modules are not among the built-in ones.
        if ((value as { readonly plugins?: unknown }).plugins === undefined)
          assert.equal(codecIssuesOf(value), '', folder);
      }
    }
    assert.equal(codecIssuesOf(parsed(exampleConfig())), '');
  });

  it("accepts and refuses Pandora's conformance vectors as Elpis does", () => {
    const vectors = JSON.parse(readFileSync('spec/vectors/config.json', 'utf8')) as {
      readonly config: readonly { id: string; format: 'yaml' | 'json'; text: string }[];
    };
    const passed: string[] = [];
    for (const { id, format, text } of vectors.config) {
      const document = (format === 'json' ? jsonDocument : yamlDocument)('text', text);
      if (isLeft(document)) continue;
      const { written: value } = document.right;
      // A reference can have any value that fits.
      if (text.includes('${')) continue;
      const accepted = !isLeft(decodeConfig(value, builtins()));
      const issues = codecIssuesOf(value ?? {});
      if (accepted) assert.equal(issues, '', `${id}\n${text}`);
      else if (issues === '') passed.push(id);
    }
    assert.deepEqual(passed, []);
  });

  it('has the components of a registry', () => {
    const valid = validator(probeRegistry());
    assert.equal(valid(parsed(probeText('int: 1.5, flag: true, wait: 5s, list: [a], inner: {size: 1kb}'))), '');
    for (const wrong of ['int: a', 'unsigned: -1', 'flag: 1', 'wait: 5', 'list: a', 'inner: {size: 1x}', 'inner: 5']) {
      const value = parsed(probeText(wrong));
      assert.equal(valid(value) === '', wrong === 'wait: 5', wrong);
    }
  });

  it('has the descriptions of keys, and their defaults in written form', () => {
    interface Branch {
      readonly then?: { readonly title: string; readonly properties: Record<string, JsonSchema> };
    }
    const definitions = configSchema(builtins()).definitions as Record<string, { readonly allOf: readonly Branch[] }>;
    const keysOf = (kind: string, name: string): Record<string, JsonSchema> => {
      const branch = definitions[`${kind}ByType`]?.allOf.find(({ then }) => then?.title === name);
      assert.ok(branch?.then);
      return branch.then.properties;
    };
    const http = keysOf('gun', 'http');
    assert.deepEqual(http.type, {
      const: 'http',
      description: 'Shoots HTTP/1.1 requests, with optional TLS and one persistent connection per instance.',
    });
    assert.equal(http['idle-conn-timeout']?.default, '90s');
    assert.match(String(http.ssl?.description), /^speak TLS.*\(true or false\)$/);
    assert.equal(keysOf('aggregator', 'phout').destination?.default, 'stdout');
    assert.equal(keysOf('schedule', 'line').from?.default, 0);
  });

  it('is plain data', () => {
    const schema = configSchema(builtins());
    assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema);
  });
});

describe('keyPattern', () => {
  it('matches a key in all its spellings, and no other', () => {
    const pattern = new RegExp(`^${keyPattern('rps-per-instance')}$`);
    for (const key of ['rps-per-instance', 'RPS_PER_INSTANCE', 'rpsPerInstance', '--rps-Per_instance-'])
      assert.match(key, pattern);
    for (const key of ['rps-per-instances', 'rps per instance', 'ps-per-instance']) assert.doesNotMatch(key, pattern);
  });
});
