import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { MAX_FAULTS } from '../../../lib/config/ammoIssues.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-faults-'));
after(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

write(
  'shop.proto',
  `syntax = "proto3";
package shop;
service Shop {
  rpc Login(LoginRequest) returns (User);
  rpc Buy(Order) returns (Order);
  rpc Watch(Order) returns (stream Order);
}
message LoginRequest { string login = 1; int64 code = 2; }
message User { string token = 1; int64 id = 2; }
message Item { int64 id = 1; int32 count = 2; }
message Order { User user = 1; repeated Item items = 2; Kind kind = 3; }
enum Kind { USUAL = 0; URGENT = 1; }
`,
);

/** The text of the error of a config, without the lines that repeat the source; empty for one that is accepted. */
async function checked(gun: string, ammo: string, proto = 'proto: {files: [shop.proto]}, '): Promise<string> {
  const text = `pools:
  - gun: {target: "127.0.0.1:1", ${proto}${gun}}
    ammo: ${ammo}
    result: {type: discard}
    rps: {type: once, times: 1}
    startup: {type: once, times: 1}
`;
  const stdin = Readable.from([text]);
  const loaded = await loadConfig('-', { registry: builtins(), env: {}, stdin, cwd: folder })();
  if (!isLeft(loaded)) return '';
  assert.ok(loaded.left instanceof ConfigError, String(loaded.left));
  return loaded.left.message.replaceAll(`${folder}/`, '');
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => !/^ +(\d* )?\|/.test(line));

describe('the check of grpc/json by descriptors', () => {
  it('reports all faults at once, each with its file, line, way and hint, and shows the place', async () => {
    write(
      'ammo.json',
      [
        '{"tag":"fine","call":"shop.Shop.Login","payload":{"login":"ann","code":"7"}}',
        '{"call":"shop.Shop.Logn","payload":{}}',
        '{"call":"shop.Shop/Buy","Payload":{"user":{"id":"x"},"items":[{"id":1},{"cnt":2,"count":"a"}]}}',
        '',
        '{"call":"shop.Shop.Watch"}',
        '{"call":"shop.Shop.Login","metadata":{"a b":"c"},"payload":{"kind":1}}',
        'nope',
      ].join('\n'),
    );
    const error = await checked('type: grpc', '{type: grpc/json, file: ammo.json}');
    assert.deepEqual(lines(error), [
      'ammo.json:2:9  call: the method "shop.Shop.Logn" is unknown (did you mean shop.Shop.Login?)',
      'ammo.json:3:49  payload.user.id: field shop.User.id: expected int64, got "x"',
      'ammo.json:3:73  payload.items[1].cnt: message shop.Item has no field "cnt" (its fields are id, count)',
      'ammo.json:3:89  payload.items[1].count: field shop.Item.count: expected int32, got "a"',
      'ammo.json:5:9  call: shop.Shop.Watch is a streaming method, and this gun calls unary ones (the gun grpc/stream calls it)',
      'ammo.json:6:38  metadata: the metadata name "a b" has other characters than a-z 0-9 _ . -',
      'ammo.json:6:61  payload.kind: message shop.LoginRequest has no field "kind" (its fields are login, code)',
      'ammo.json:7:1  top level: "nope" is bad: Unexpected token \'o\'',
      '8 errors in stdin',
    ]);
    assert.match(error, / 2 \| \{"call":"shop\.Shop\.Logn","payload":\{\}\}\n +\| {9}\^{16}\n/);
  });

  it('counts the faults beyond the first ones', async () => {
    write('many.json', Array.from({ length: 31 }, () => '{"call":"shop.Shop.None"}').join('\n'));
    const error = await checked('type: grpc', '{type: grpc/json, file: many.json}');
    assert.equal(lines(error).filter((line) => line.startsWith('many.json')).length, MAX_FAULTS);
    assert.match(error, /stdin:3:\d+ {2}pools\[0\]\.ammo: 11 more faults of the ammo/);
  });

  it('looks at 10,000 items, and at 1 MiB of the file', async () => {
    const fine = '{"call":"shop.Shop.Login"}\n';
    const wrong = '{"call":"shop.Shop.None"}\n';
    const check = async (text: string): Promise<boolean> => {
      write('long.json', text);
      return (await checked('type: grpc', '{type: grpc/json, file: long.json}')) !== '';
    };
    assert.equal(await check(fine.repeat(9_999) + wrong), true);
    assert.equal(await check(fine.repeat(10_000) + wrong), false);
    const line = `{"call":"shop.Shop.Login","payload":{"login":"${'a'.repeat(60_000)}"}}\n`;
    const most = Math.floor((1024 * 1024) / line.length);
    assert.equal(await check(line.repeat(most) + wrong), true);
    assert.equal(await check(line.repeat(most + 1) + wrong), false);
  });

  it('is that of each provider of a mix', async () => {
    write('one.json', '{"call":"shop.Shop.Login"}');
    write('two.json', '{"call":"shop.Shop.None"}');
    const each = ['one', 'two'].map((name) => `{ammo: {type: grpc/json, file: ${name}.json}}`);
    const error = await checked('type: grpc', `{type: mix, providers: [${each.join(', ')}]}`);
    assert.match(error, /^two\.json:1:9 {2}call: the method "shop\.Shop\.None" is unknown/);
    assert.match(error, /1 error in/);
  });

  it('a mix has the warnings of its providers', async () => {
    write(
      'warned.yaml',
      'calls: [{name: a, call: shop.Shop.Buy, payload: "{}"}]\nscenarios: [{name: s, requests: [a], weight: 2}, {name: s, requests: [a]}]\n',
    );
    const stdin = Readable.from([
      `pools:
  - gun: {type: grpc/scenario, target: "127.0.0.1:1"}
    ammo: {type: mix, providers: [{ammo: {type: grpc/scenario, file: warned.yaml}}]}
    result: {type: discard}
    rps: {type: once, times: 1}
    startup: {type: once, times: 1}
`,
    ]);
    const loaded = await loadConfig('-', { registry: builtins(), env: {}, stdin, cwd: folder })();
    if (isLeft(loaded)) assert.fail(String(loaded.left));
    assert.match(loaded.right.warnings.map(({ message }) => message).join(), /another scenario is named s/);
  });

  it('of grpc/stream compares each message, for methods of every kind', async () => {
    write(
      'streams.json',
      [
        '{"call":"shop.Shop.Watch","payload":{"kind":"URGENT"}}',
        '{"call":"shop.Shop.Watch","messages":[{"kind":"USUAL"},{"kind":"URGNT"}]}',
      ].join('\n'),
    );
    const error = await checked('type: grpc/stream', '{type: grpc/json, file: streams.json}');
    assert.deepEqual(lines(error), [
      'streams.json:2:64  messages[1].kind: field shop.Order.kind: expected USUAL or URGENT, got "URGNT" (did you mean URGENT?)',
      '1 error in stdin',
    ]);
  });
});

describe('the check of calls of scenario files by descriptors', () => {
  it('reports all faults in HCL, also inside of payloads with templates', async () => {
    write(
      'shop.hcl',
      `call "login" {
  call    = "shop.Shop.Login"
  payload = <<-EOF
    {
      "login": "user{{randInt 1 5}}",
      "code": {{.request.login.preprocessor.code}},
      "kode": 5
    }
  EOF
  preprocessor "prepare" { mapping = { code = "source.codes.all[next]" } }
}
call "buy" {
  call     = "shop.Shop.Buy"
  metadata = { x-user = "{{.request.login.postprocessor.id}}" }
  payload  = "{\\"user\\": {\\"id\\": \\"x\\"}, \\"items\\": [{\\"id\\": {{.request.login.postprocessor.id}}}]}"
}
call "watch" {
  call    = "shop.Shop.Watch"
  payload = "{}"
}
call "unused" {
  call    = "shop.Shop.Never"
  payload = "{}"
}
call "loop" {
  call    = "shop.Shop.Buy"
  payload = "{ {{if true}}\\"kind\\": 1{{end}} }"
}
call "bye" {
  call    = "shop.Shop.Bye"
  payload = ""
}
variable_source "codes" "variables" {
  variables = { all = [1, 2] }
}
scenario "s" { requests = ["login", "buy", "watch", "loop", "bye", "login"] }
`,
    );
    const error = await checked('type: grpc/scenario', '{type: grpc/scenario, file: shop.hcl}');
    assert.deepEqual(lines(error), [
      'shop.hcl:7:7  calls[0].payload.kode: message shop.LoginRequest has no field "kode" (did you mean code?)',
      'shop.hcl:15:14  calls[1].payload.user.id: field shop.User.id: expected int64, got "x"',
      'shop.hcl:18:13  calls[2].call: shop.Shop.Watch is a streaming method, and this gun calls unary ones (the gun grpc/stream calls it)',
      'shop.hcl:30:13  calls[5].call: the method "shop.Shop.Bye" is unknown (did you mean shop.Shop.Buy?)',
      '4 errors in stdin',
    ]);
    assert.match(error, / 7 \| {7}"kode": 5\n +\| {7}\^{6}\n/);
  });

  it('reports them in YAML, in blocks and in one line', async () => {
    write(
      'shop.yaml',
      `calls:
  - name: buy
    call: shop.Shop.Buy
    payload: |
      {"user": {"id": 1},
       "items": [{"count": "many"}]}
  - name: login
    call: shop.Shop.Login
    payload: '{"login": {}}'
scenarios:
  - {name: s, requests: [buy, login]}
`,
    );
    const error = await checked('type: grpc/scenario', '{type: grpc/scenario, file: shop.yaml}');
    assert.deepEqual(lines(error), [
      'shop.yaml:6:28  calls[0].payload.items[0].count: field shop.Item.count: expected int32, got "many"',
      'shop.yaml:9:25  calls[1].payload.login: field shop.LoginRequest.login: expected a text, got an object',
      '2 errors in stdin',
    ]);
  });

  it('accepts what fits, and says what is wrong with the descriptors', async () => {
    write(
      'fine.yaml',
      'calls: [{name: a, call: shop.Shop.Buy, payload: "{}"}]\nscenarios: [{name: s, requests: [a]}]\n',
    );
    assert.equal(await checked('type: grpc/scenario', '{type: grpc/scenario, file: fine.yaml}'), '');
    const error = await checked(
      'type: grpc/scenario, descriptor_set: shop.proto',
      '{type: grpc/scenario, file: fine.yaml}',
    );
    assert.match(error, /^stdin:2:101 {2}pools\[0\]\.gun\.descriptor_set: shop\.proto: .*protoc --include_imports/);
  });

  const WRONG: readonly (readonly [what: string, gun: string, message: string])[] = [
    [
      'a .proto file with a mistake',
      'type: grpc, proto: {files: [bad.proto]}',
      "pools[0].gun.proto: bad.proto:2:26: illegal token '}', ';' expected (expected a .proto file (proto2, proto3 or an edition))",
    ],
    [
      'a .proto file with an unknown type',
      'type: grpc/stream, proto: {files: [lost.proto]}',
      'pools[0].gun.proto: lost.proto:3:7: the type Lost is unknown (it may be in an import that was not found: other.proto)',
    ],
    [
      'a .proto file that is not there',
      'type: grpc/scenario, proto: {files: [none.proto]}',
      'pools[0].gun.proto: none.proto: there is no such file (a relative path starts at the working directory)',
    ],
    [
      'a descriptor set that is not there',
      'type: grpc, descriptor_set: none.binpb',
      "pools[0].gun.descriptor_set: none.binpb: ENOENT: no such file or directory, open 'none.binpb' (expected a descriptor set: protoc --include_imports --descriptor_set_out=FILE)",
    ],
  ];
  for (const [what, gun, message] of WRONG) {
    it(`says what is wrong with the descriptors at the option that names them: ${what}`, async () => {
      write('bad.proto', 'syntax = "proto3";\nmessage A { string a = 1 }\n');
      write('lost.proto', 'syntax = "proto3"; import "other.proto"; message A {\n\n      Lost b = 1;\n}\n');
      write('ammo.json', '{"call":"shop.Shop.Login"}\n');
      write('calls.yaml', 'calls: [{name: a, call: a.B.C}]\nscenarios: [{name: s, requests: [a]}]\n');
      const ammo = gun.startsWith('type: grpc/scenario')
        ? 'grpc/scenario, file: calls.yaml'
        : 'grpc/json, file: ammo.json';
      const error = await checked(gun, `{type: ${ammo}}`, '');
      assert.ok(error.includes(message), error);
      assert.match(error, /^stdin:2:\d+ {2}pools/);
    });
  }
});
