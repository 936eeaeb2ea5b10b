import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { type Bench, phoutRows } from './elpis.js';

// Configs of Pandora with its keys only, for the guns and formats besides `http`, as files.

let bench: Bench;
let target: Target;
atTarget((given, at) => {
  [bench, target] = [given, at];
});
const host = (): string => `127.0.0.1:${target.port}`;

/** Checks a config, runs it, and returns how often each tag, net code and proto code is in the phout `phout.log`. */
async function shot(config: string, warned?: RegExp): Promise<Record<string, number>> {
  bench.write('load.yaml', config);
  for (const args of [['check', 'load.yaml'], ['load.yaml']]) {
    const { code, stdout, stderr } = await bench.run(args);
    assert.equal(code, 0, `${args.join(' ')}: ${stdout}${stderr}`);
    if (args[0] === 'check') assert.match(stdout + stderr, warned ?? /^(?!.*warning)/is);
  }
  const counts: Record<string, number> = {};
  for (const row of phoutRows(bench.read('phout.log'))) {
    const key = `${row[1]} ${row[10]} ${row[11]}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

const LOADS = `    result:
      type: phout
      destination: ./phout.log
    rps-per-instance: false
    discard_overflow: false
    rps:
      - {duration: 1s, type: line, from: 20, to: 40}
    startup:
      type: once
      times: 5
log:
  level: error
monitoring:
  expvar:
    enabled: false
    port: 1234
`;
/** Operations of the loads above: a line from 20 to 40 in one second. */
const SHOTS = 30;

/** What each of the tags came to, when all shots were of equal parts. */
const equal = (...keys: readonly string[]): Record<string, number> =>
  Object.fromEntries(keys.map((key) => [key, SHOTS / keys.length]));

describe('configs of Pandora with the gun grpc', () => {
  const AMMO = `{"tag": "/Hello", "call": "target.TargetService.Hello", "metadata": {"Metadata": "foo"}, "payload": {"name": "Ann"}}
{"tag": "/Auth", "call": "target.TargetService.Auth", "payload": {"login": "user1", "pass": "user1"}}
{"tag": "", "call": "target.TargetService.Order", "payload": {"userId": "7", "token": "token-7", "itemId": 7001}}
`;
  const KEYS: readonly (readonly [says: string, keys: string, ammo: string])[] = [
    ['the least', '', '{type: grpc/json, file: ./grpc.json}'],
    [
      'every key',
      `
      timeout: 5s
      tls: false
      reflect_port: PORT
      reflect_metadata:
        auth: some-token
      dial_options:
        authority: some.host
        timeout: 3s
      shared-client:
        client-number: 2
        enabled: true
      answlog:
        enabled: true
        path: ./answ.log
        filter: all`,
      '{type: grpc/json, source: {type: file, path: ./grpc.json}, limit: 30, passes: 10, continueonerror: true, maxammosize: 4096}',
    ],
    ['TLS', '\n      tls: true', '{type: grpc/json, file: ./grpc.json, passes: 10}'],
  ];
  for (const [says, keys, ammo] of KEYS) {
    it(`${says}: every call of the ammo, and the counts of the target`, async () => {
      bench.write('grpc.json', AMMO);
      const counts = await shot(`pools:
  - id: GRPC
    gun:
      type: grpc
      target: ${host()}${keys.replace('PORT', String(target.port))}
    ammo: ${ammo}
${LOADS}`);
      assert.deepEqual(counts, equal('/Hello 0 200', '/Auth 0 200', ' 0 200'));
      const { paths } = target.stats();
      for (const method of ['Hello', 'Auth', 'Order'])
        assert.equal(paths[`/target.TargetService/${method}`], 10, method);
      if (says === 'every key') assert.match(bench.read('answ.log'), /target\.TargetService\.Hello/);
    });
  }

  it('chosencases shoots only these tags', async () => {
    bench.write('grpc.json', AMMO);
    const config = `pools:
  - gun: {type: grpc, target: "${host()}"}
    ammo: {type: grpc/json, file: grpc.json, chosencases: [/Auth]}
${LOADS}`;
    assert.deepEqual(await shot(config), equal('/Auth 0 200'));
  });

  it('use-shared-client is refused, as by Pandora', async () => {
    bench.write('grpc.json', AMMO);
    bench.write(
      'load.yaml',
      `pools:
  - gun: {type: grpc, target: "${host()}", use-shared-client: true}
    ammo: {type: grpc/json, file: grpc.json}
${LOADS}`,
    );
    const { code, stderr } = await bench.run(['check', 'load.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, /gun\.use-shared-client: unknown key.*shared-client/);
  });
});

describe('configs of Pandora with the gun grpc/scenario', () => {
  const YAML = `locals:
  my-topic: &global-auth
    auth: some
variable_sources:
  - type: "file/csv"
    name: "users"
    ignore_first_line: true
    delimiter: ","
    file: "./users.csv"
    fields: ["user_id", "login", "pass"]
  - type: "variables"
    name: "variables"
    variables:
      header: yandex
      b: s
calls:
  - name: auth_req
    call: target.TargetService.Auth
    tag: auth
    metadata:
      metadata: server.proto
    preprocessors:
      - type: prepare
        mapping:
          user: source.users[next]
    payload: '{"login": "{{.request.auth_req.preprocessor.user.login}}", "pass": "{{.request.auth_req.preprocessor.user.pass}}"}'
    postprocessors:
      - type: assert/response
        payload: ["token"]
        status_code: 200
  - name: list_req
    call: target.TargetService.List
    tag: list
    payload: '{"userId": {{.request.auth_req.postprocessor.userId}}, "token": "{{.request.auth_req.postprocessor.token}}"}'
  - name: order_req
    call: target.TargetService.Order
    tag: order
    preprocessors:
      - type: prepare
        mapping:
          item: request.list_req.postprocessor.result[next]
    payload: '{"userId": {{.request.auth_req.postprocessor.userId}}, "token": "{{.request.auth_req.postprocessor.token}}", "itemId": {{.request.order_req.preprocessor.item.itemId}}}'
scenarios:
  - name: scenario1
    weight: 50
    min_waiting_time: 10
    requests: [auth_req, list_req, "order_req(2, 5)"]
  - name: scenario2
    weight: 50
    requests: [auth_req, sleep(5), list_req]
`;
  const HCL = `variable_source "users" "file/csv" {
  file              = "./users.csv"
  fields            = ["user_id", "login", "pass"]
  ignore_first_line = true
  delimiter         = ","
}
variable_source "variables" "variables" {
  variables = {
    header = "yandex"
    b      = "s"
  }
}
call "auth_req" {
  call = "target.TargetService.Auth"
  tag  = "auth"
  metadata = {
    "metadata" = "server.proto"
  }
  preprocessor "prepare" {
    mapping = {
      user = "source.users[next]"
    }
  }
  payload = <<EOF
{"login": "{{.request.auth_req.preprocessor.user.login}}", "pass": "{{.request.auth_req.preprocessor.user.pass}}"}
EOF
  postprocessor "assert/response" {
    payload     = ["token"]
    status_code = 200
  }
}
call "list_req" {
  call    = "target.TargetService.List"
  tag     = "list"
  payload = <<EOF
{"userId": {{.request.auth_req.postprocessor.userId}}, "token": "{{.request.auth_req.postprocessor.token}}"}
EOF
}
call "order_req" {
  call    = "target.TargetService.Order"
  tag     = "order"
  preprocessor "prepare" {
    mapping = {
      item = "request.list_req.postprocessor.result[next]"
    }
  }
  payload = <<EOF
{"userId": {{.request.auth_req.postprocessor.userId}}, "token": "{{.request.auth_req.postprocessor.token}}", "itemId": {{.request.order_req.preprocessor.item.itemId}}}
EOF
}
scenario "scenario1" {
  weight           = 50
  min_waiting_time = 10
  requests         = ["auth_req", "list_req", "order_req(2, 5)"]
}
scenario "scenario2" {
  weight   = 50
  requests = ["auth_req", "sleep(5)", "list_req"]
}
`;
  for (const [name, text] of [
    ['payload.yaml', YAML],
    ['payload.hcl', HCL],
  ] as const) {
    it(`${name}: every call of every scenario`, async () => {
      bench.write('users.csv', 'user_id,login,pass\n1,user1,user1\n2,user2,user2\n3,user3,user3\n');
      bench.write(name, text);
      const counts = await shot(
        `pools:
  - id: ""
    gun:
      type: grpc/scenario
      target: ${host()}
      timeout: 5s
      tls: false
    ammo:
      type: grpc/scenario
      file: ./${name}
${LOADS}`,
        /nothing uses the variable source variables/,
      );
      const half = SHOTS / 2;
      assert.deepEqual(counts, {
        ...{ 'scenario1.auth 0 200': half, 'scenario1.list 0 200': half, 'scenario1.order 0 200': SHOTS },
        ...{ 'scenario2.auth 0 200': half, 'scenario2.list 0 200': half },
      });
      assert.equal(target.stats().paths['/target.TargetService/Order'], SHOTS);
    });
  }
});

describe('configs of Pandora with the guns http2, connect and the scenarios of HTTP', () => {
  const GUN = `
      dial: {timeout: 3s, dns-cache: true, dual-stack: true, fallback-delay: 1s, keep-alive: 120s}
      tls-handshake-timeout: 10s
      disable-keep-alives: false
      disable-compression: true
      max-idle-conns: 0
      max-idle-conns-per-host: 0
      idle-conn-timeout: 90s
      response-header-timeout: 10s
      expect-continue-timeout: 1s
      auto-tag: {enabled: true, uri-elements: 2, no-tag-only: true}
      answlog: {enabled: true, path: ./answ.log, filter: all}
      httptrace: {dump: true, trace: true}
      shared-client: {enabled: true, client-number: 2}
      redirect: false`;

  it('http2 over TLS, which is its default', async () => {
    bench.write('ammo.uri', '[Host: shop.test]\n/bytes/3 one\n/\n/status/404\n');
    const counts = await shot(`pools:
  - gun:
      type: http2
      target: ${host()}${GUN}
    ammo: {type: uri, file: ./ammo.uri}
${LOADS}`);
    assert.deepEqual(counts, equal('one 0 200', '/ 0 200', '/status/404 0 404'));
    assert.match(bench.read('answ.log'), /HTTP\/2\.0 404/);
  });

  it('connect through a proxy', async () => {
    bench.write('ammo.uri', '[Host: shop.test]\n/ one\n/bytes/3 two\n');
    const counts = await shot(`pools:
  - gun:
      type: connect
      target: ${host()}
      connect-ssl: false
      ssl: false${GUN}
    ammo: {type: uri, file: ./ammo.uri}
${LOADS}`);
    assert.deepEqual(counts, equal('one 0 200', 'two 0 200'));
    assert.deepEqual(Object.keys(target.stats().tunnels), ['shop.test:80']);
  });

  for (const [type, ssl] of [
    ['http/scenario', false],
    ['http2/scenario', true],
  ] as const) {
    it(`${type} with a file in HCL`, async () => {
      bench.write('users.csv', 'user_id,name,pass\n1,ann,a\n2,ben,b\n');
      bench.write(
        'payload.hcl',
        `variable_source "users" "file/csv" {
  file              = "users.csv"
  fields            = ["user_id", "name", "pass"]
  ignore_first_line = true
  delimiter         = ","
}
request "auth_req" {
  method  = "POST"
  uri     = "/echo"
  headers = {
    Content-Type = "application/json"
    Useragent    = "Yandex"
  }
  tag  = "auth"
  body = <<EOF
{"user_id":  {{.request.auth_req.preprocessor.user_id}}}
EOF
  templater {
    type = "text"
  }
  preprocessor {
    mapping = {
      user_id = "source.users[next].user_id"
    }
  }
  postprocessor "var/header" {
    mapping = {
      type = "Content-Type|upper"
    }
  }
  postprocessor "var/jsonpath" {
    mapping = {
      method = "$.method"
    }
  }
  postprocessor "assert/response" {
    headers     = { Content-Type = "json" }
    body        = ["POST"]
    status_code = 200
    size {
      val = 10000
      op  = "<"
    }
  }
}
request "list_req" {
  method  = "GET"
  headers = { Authorization = "Bearer {{.request.auth_req.postprocessor.method}}" }
  uri     = "/bytes/10?type={{.request.auth_req.postprocessor.type}}"
}
scenario "scenario_name" {
  weight           = 50
  min_waiting_time = 10
  requests         = ["auth_req", "sleep(5)", "list_req(2)"]
}
`,
      );
      const counts = await shot(`pools:
  - gun:
      type: ${type}
      target: ${host()}
      ssl: ${ssl}${GUN}
    ammo: {type: http/scenario, file: ./payload.hcl}
${LOADS}`);
      assert.deepEqual(counts, {
        'scenario_name.auth_req 0 200': SHOTS,
        'scenario_name.list_req 0 200': 2 * SHOTS,
      });
      assert.equal(target.stats().paths['/echo'], SHOTS);
    });
  }
});
