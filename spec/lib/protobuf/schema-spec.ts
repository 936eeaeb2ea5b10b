import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathText } from '../../../lib/codec/report/path.js';
import { loadProtobuf, type ProtobufLibrary } from '../../../lib/protobuf/library.js';
import { readDescriptorSet } from '../../../lib/protobuf/readDescriptorSet.js';
import { readProtoFiles } from '../../../lib/protobuf/readProtoFiles.js';
import { Schema } from '../../../lib/protobuf/schema.js';
import type { ExactJsonMap } from '../../../lib/protocols/exactJson.js';
import { parseExactJson } from '../../../lib/protocols/exactJson.js';
import { ANY_VALUE, type PartialJson } from '../../../lib/protocols/partialJson.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-proto-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

let library: ProtobufLibrary;
before(async () => {
  library = await loadProtobuf();
});

const MAIN = `syntax = "proto3";
package a.b;
import "google/protobuf/any.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "google/api/annotations.proto";
import "shared/types.proto";
enum E { option allow_alias = true; A = 0; B = 1; C = 1; }
message M {
  optional int32 foo_bar = 1 [json_name = "zz"];
  map<string, N> by_name = 2;
  message N { repeated uint64 x = 1 [packed = false]; enum Deep { D = 0; } Deep deep = 2; }
  oneof o { string s = 3; N n = 4; }
  E e = 5;
  google.protobuf.Value v = 6;
  google.protobuf.UInt64Value w = 7;
  google.protobuf.Any any = 8;
  google.protobuf.Timestamp t = 9;
  fixed64 big = 10; bytes raw = 11; double d = 12; float f = 13; sint32 i = 14; bool ok = 15;
  .shared.Point p = 16;
  string snake_case_name = 17;
}
service S {
  rpc Do (M) returns (M.N) { option (google.api.http) = { get: "/v1" }; }
  rpc Stream (stream M) returns (stream M);
}
`;

async function schemaOf(paths: readonly string[], importPaths: readonly string[] = []): Promise<Schema> {
  return new Schema(library, await readProtoFiles(library, paths, importPaths));
}

describe('a schema of .proto files', () => {
  let schema: Schema;
  before(async () => {
    file('shared/types.proto', 'syntax = "proto3"; package shared; message Point { double x = 1; }');
    schema = await schemaOf([file('main.proto', MAIN)]);
  });
  const encoded = (json: string): string =>
    Buffer.from(schema.method('a.b.S.Do')?.encode(parseExactJson(json) as ExactJsonMap) ?? []).toString('hex');

  it('finds methods however they are written', () => {
    assert.deepEqual(schema.methods, ['a.b.S.Do', 'a.b.S.Stream']);
    for (const name of ['a.b.S.Do', 'a.b.S/Do', '/a.b.S/Do']) assert.equal(schema.method(name)?.path, '/a.b.S/Do');
    assert.deepEqual(
      [schema.method('a.b.S.Do')?.kind, schema.method('a.b.S.Stream')?.kind],
      ['unary', 'bidi_streaming'],
    );
    assert.equal(schema.method('a.b.S.Dont'), undefined);
    assert.equal(schema.hintFor('a.b.S.Dp'), 'did you mean a.b.S.Do?');
    assert.equal(schema.hintFor('x'), 'the methods are a.b.S.Do, a.b.S.Stream');
  });

  const rows: readonly (readonly [says: string, json: string, hex: string])[] = [
    ['the empty message', '{}', ''],
    ['a name of JSON', '{"zz":5}', '0805'],
    ['the name as written', '{"foo_bar":5}', '0805'],
    ['null is absent', '{"s":null}', ''],
    ['lowerCamelCase', '{"snakeCaseName":"a"}', '8a010161'],
    [
      'an integer of 64 bits without loss, unpacked',
      '{"n":{"x":[18446744073709551615]}}',
      '220b08ffffffffffffffffff01',
    ],
    ['the same as a text', '{"big":"9007199254740993"}', '510100000000002000'],
    ['the same as a number', '{"big":9007199254740993}', '510100000000002000'],
    ['a wrapper', '{"w":18446744073709551615}', '3a0b08ffffffffffffffffff01'],
    ['an enum by name, alias and number', '{"e":"C"}', '2801'],
    ['a map', '{"byName":{"k":{}}}', '12050a016b1200'],
    ['a value whose integer is a double', '{"v":9007199254740993}', '3209110000000000004043'],
    ['bytes in base64', '{"raw":"AAE="}', '5a020001'],
    ['a time', '{"t":"1970-01-01T00:00:01Z"}', '4a020801'],
    [
      'a message inside Any',
      '{"any":{"@type":"x/a.b.M.N","x":["1"]}}',
      '42210a1b747970652e676f6f676c65617069732e636f6d2f612e622e4d2e4e12020801',
    ],
    ['a type of an import', '{"p":{"x":0}}', '820100'],
  ];
  for (const [says, json, hex] of rows) {
    it(`encodes ${says}`, () => {
      assert.equal(encoded(json), hex);
    });
  }

  const faults: readonly (readonly [json: string, message: string, hint?: string])[] = [
    ['{"bynam":{}}', 'message a.b.M has no field "bynam"', 'did you mean byName?'],
    ['{"n":{"qqqqqqqq":1}}', 'message a.b.M.N has no field "qqqqqqqq"', 'its fields are x, deep'],
    ['{"s":12345678901234567890}', 'field a.b.M.s: expected a text, got 12345678901234567890'],
    ['{"s":1}', 'field a.b.M.s: expected a text, got 1'],
    ['{"i":3000000000}', 'field a.b.M.i: expected sint32, got 3000000000'],
    ['{"i":12345678901234567890}', 'field a.b.M.i: expected sint32, got 12345678901234567890'],
    ['{"big":18446744073709551616}', 'field a.b.M.big: expected fixed64, got 18446744073709551616'],
    ['{"e":"Z"}', 'field a.b.M.e: expected A or B or C, got "Z"'],
    ['{"ok":"yes"}', 'field a.b.M.ok: expected true or false, got "yes"'],
    ['{"raw":"?"}', 'field a.b.M.raw: expected bytes in base64, got "?"'],
    ['{"s":"a","n":{}}', 'oneof a.b.M.o: oneof set multiple times by s and n'],
    ['{"byName":[]}', 'field a.b.M.by_name: expected an object, got a list'],
  ];
  for (const [json, message, hint] of faults) {
    it(`refuses ${json}`, () => {
      assert.throws(() => encoded(json), { name: 'MessageFault', message, ...(hint === undefined ? {} : { hint }) });
    });
  }

  it('finds all faults of a message, each with its way', () => {
    const method = schema.method('a.b.S.Do');
    const payload = {
      bynam: {},
      byName: { k: { x: ['1', 'b', null], y: 0 }, l: 5, m: null },
      e: 'AB',
      t: 'now',
      v: { any: ['thing', null] },
      w: 'x',
      p: { x: 'a', q: [] },
      foo_bar: 1.5,
      any: { '@type': 'x/none' },
      '[a.b.ext]': 1,
    };
    assert.deepEqual(
      method?.faults(payload).map(({ path, message, hint }) => [pathText(path), message, hint ?? '']),
      [
        ['bynam', 'message a.b.M has no field "bynam"', 'did you mean byName?'],
        ['byName.k.x[1]', 'field a.b.M.N.x: expected uint64, got "b"', ''],
        ['byName.k.x[2]', 'field a.b.M.N.x: expected uint64, got null', ''],
        ['byName.k.y', 'message a.b.M.N has no field "y"', 'did you mean x?'],
        ['byName.l', 'field a.b.M.by_name: expected an object, a message a.b.M.N, got 5', ''],
        ['byName.m', 'field a.b.M.by_name: expected an object, a message a.b.M.N, got null', ''],
        ['e', 'field a.b.M.e: expected A or B or C, got "AB"', 'did you mean A?'],
        ['t', 'field a.b.M.t: expected a google.protobuf.Timestamp, got "now": invalid RFC 3339 string', ''],
        [
          'w',
          'field a.b.M.w: expected a google.protobuf.UInt64Value, got "x": expected bigint (uint64): x out of range',
          '',
        ],
        ['p.x', 'field shared.Point.x: expected double, got "a"', ''],
        ['p.q', 'message shared.Point has no field "q"', 'did you mean x?'],
        ['foo_bar', 'field a.b.M.foo_bar: expected int32, got 1.5', ''],
        [
          'any',
          'field a.b.M.any: expected a google.protobuf.Any, got an object: x/none is not in the type registry',
          '',
        ],
        ['["[a.b.ext]"]', 'message a.b.M: key "[a.b.ext]" is unknown', ''],
      ],
    );
  });

  it('finds no fault in what is not known, and those around it', () => {
    const faults = (payload: PartialJson): readonly string[] =>
      schema
        .method('a.b.S.Do')
        ?.faults(payload)
        .map(({ message }) => message) ?? [];
    assert.deepEqual(faults(ANY_VALUE), []);
    assert.deepEqual(faults(null), []);
    const known: PartialJson = { i: 'x', byNme: ANY_VALUE, v: { a: ANY_VALUE } };
    assert.deepEqual(faults({ s: ANY_VALUE, byName: { k: { x: [ANY_VALUE, '1'] } }, t: ANY_VALUE, p: ANY_VALUE }), []);
    assert.deepEqual(faults(known), ['field a.b.M.i: expected sint32, got "x"', 'message a.b.M has no field "byNme"']);
  });

  it('shows at most 12 of the fields that there are', () => {
    const [fault] = schema.method('a.b.S.Do')?.faults({ qqqqqqqqqqqq: 1 }) ?? [];
    assert.equal(fault?.hint?.split(', ').length, 12);
  });

  it('is not recursive without a limit', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as PartialJson;
    const [fault] = schema.method('a.b.S.Do')?.faults({ v: { a: deep } }) ?? [];
    assert.match(fault?.message ?? '', /^field a\.b\.M\.v: expected a google\.protobuf\.Value, got an object/);
  });

  it('lists at most 100 faults of a message', () => {
    const payload = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`x${i}`, 1]));
    assert.equal(schema.method('a.b.S.Do')?.faults(payload).length, 100);
    assert.equal(schema.method('a.b.S.Do')?.faults({ byName: { k: { x: Array(150).fill('a') } } }).length, 100);
  });

  it('finds the fault of a message as a whole when no part has one', () => {
    const [fault] = schema.method('a.b.S.Do')?.faults({ s: 'a', n: {} }) ?? [];
    assert.deepEqual([fault?.message, fault?.path], ['oneof a.b.M.o: oneof set multiple times by s and n', []]);
  });

  it('refuses a payload that is nested too deep for recursion', () => {
    // The library has a limit of its own; ours is for the integers that it does not take, before it sees them.
    for (const depth of [101, 1000]) {
      const deep = `{"v":{"a":${'['.repeat(depth)}12345678901234567890${']'.repeat(depth)}}}`;
      assert.throws(() => encoded(deep), /nested deeper than 100$/);
    }
  });

  it('reads messages in JSON and in text form', () => {
    const method = schema.method('a.b.S.Stream');
    const bytes =
      method?.encode({ s: 'a "b"\n', zz: 1, e: 'B', byName: { k: { x: ['1', '2'] } }, d: 0.5 }) ?? new Uint8Array();
    assert.deepEqual(method?.response(bytes).json, {
      s: 'a "b"\n',
      zz: 1,
      e: 'B',
      byName: { k: { x: ['1', '2'] } },
      d: 0.5,
    });
    assert.equal(
      method?.response(bytes).text,
      'foo_bar:1 by_name:{key:"k" value:{x:1 x:2}} s:"a \\"b\\"\\n" e:B d:0.5',
    );
    assert.throws(() => method?.response(Uint8Array.of(0x1a, 0x7f)));
  });
});

describe('readProtoFiles', () => {
  const refusals: readonly (readonly [says: string, read: () => Promise<unknown>, message: RegExp, hint: RegExp])[] = [
    [
      'a file that is not there',
      () => schemaOf([join(folder, 'none.proto')]),
      /none\.proto: there is no such file/,
      /working directory/,
    ],
    [
      'what is no .proto file',
      () => schemaOf([file('bad.proto', 'syntax = "proto3";\nmessage A { int32 x = ; }')]),
      /\/bad\.proto:2:23: illegal id ';'$/,
      /expected a \.proto file/,
    ],
    [
      'an unknown type',
      () => schemaOf([file('type.proto', 'syntax = "proto3"; message A { B b = 1; }')]),
      /\/type\.proto:1:32: the type B is unknown/,
      /check its name/,
    ],
    [
      'a type of a method, at its place and not where its name is that of a field, in a comment or in a text',
      () =>
        schemaOf([
          file(
            'place.proto',
            `syntax = "proto3"; // Lost = 1
/* Lost x = 1; */
message A { string Lost = 1; string NotLost = 2; string s = 3 [json_name = "Lost a = 1"]; }
service S {
  rpc Do (A) returns (stream Lost);
}`,
          ),
        ]),
      /\/place\.proto:5:30: the type Lost is unknown/,
      /check its name/,
    ],
    [
      'the type of the values of a map',
      () => schemaOf([file('map.proto', 'syntax = "proto3";\n\nmessage A {\n  map<string, .a.Lost> m = 1;\n}')]),
      /\/map\.proto:4:15: the type \.a\.Lost is unknown/,
      /check its name/,
    ],
    [
      'a token that is allowed before in the same line',
      () => schemaOf([file('twice.proto', 'syntax = "proto3";\nmessage A { message B {} int32 x = 1 } message C {}')]),
      /\/twice\.proto:2:38: illegal token '}', ';' expected$/,
      /expected a \.proto file/,
    ],
    [
      'a token that is allowed 60 times before in the same line, at the begin of the line',
      () =>
        schemaOf([
          file(
            'often.proto',
            `syntax = "proto3";\n${Array.from({ length: 60 }, (_, i) => `message B${i} {} `).join('')}message A { int32 x = 1 }`,
          ),
        ]),
      /\/often\.proto:2:1: illegal token '}', ';' expected$/,
      /expected a \.proto file/,
    ],
    [
      'a text without an end, at the first word of its line',
      () => schemaOf([file('end.proto', 'syntax = "proto3";\n  import "x;\n')]),
      /\/end\.proto:2:3: /,
      /expected a \.proto file/,
    ],
    [
      'an import that is no .proto file, by its own path',
      () => {
        file('wrong.proto', 'syntax = "proto3";\nmessage { }');
        return schemaOf([file('imports.proto', 'syntax = "proto3"; import "wrong.proto";')]);
      },
      /\/wrong\.proto:2:9: illegal type name '\{'$/,
      /expected a \.proto file/,
    ],
    [
      'a type of an import that is not there',
      () => schemaOf([file('imp.proto', 'syntax = "proto3"; import "x/y.proto"; message A { x.B b = 1; }')]),
      /\/imp\.proto:1:52: the type x\.B is unknown/,
      /not found: x\/y\.proto/,
    ],
  ];
  for (const [says, read, message, hint] of refusals) {
    it(`refuses ${says}`, async () => {
      await assert.rejects(read, (error: Error & { code: string; hint: string }) => {
        assert.equal(error.code, 'ELPIS_SOURCE');
        assert.match(error.message, message);
        assert.match(error.hint, hint);
        return true;
      });
    });
  }

  it('searches imports in the import paths, and knows files by their paths below them', async () => {
    file(
      'root/one/a.proto',
      'syntax = "proto3"; package one; import "two/b.proto"; message A { two.B b = 1; } service S { rpc M(A) returns (A); }',
    );
    file('root/two/b.proto', 'syntax = "proto3"; package two; message B { string s = 1; }');
    const schema = await schemaOf([join(folder, 'root/one/a.proto')], [join(folder, 'root')]);
    assert.equal(Buffer.from(schema.method('one.S.M')?.encode({ b: { s: 'x' } }) ?? []).toString('hex'), '0a030a0178');
  });

  it('reads proto2: required, groups, closed enums, unpacked lists', async () => {
    const text = `syntax = "proto2"; package two;
message P { required int32 a = 1; repeated group G = 2 { optional string s = 1; } repeated int32 r = 3; extensions 100 to max; }
extend P { optional int32 ext = 101; }
service S { rpc M (P) returns (P); }`;
    const method = (await schemaOf([file('two.proto', text)])).method('two.S.M');
    assert.equal(Buffer.from(method?.encode({ a: 1, r: [1, 2] }) ?? []).toString('hex'), '080118011802');
    assert.equal(Buffer.from(method?.encode({ a: 0, g: [{ s: 'x' }] }) ?? []).toString('hex'), '0800130a017814');
    assert.throws(() => method?.encode({}), /required/);
  });

  it('reads editions with features', async () => {
    const text = `edition = "2023"; package ed;
option features.field_presence = IMPLICIT;
message Q { int32 a = 1 [features.field_presence = EXPLICIT]; int32 b = 2; repeated int32 r = 3 [features.repeated_field_encoding = EXPANDED]; Q d = 4 [features.message_encoding = DELIMITED]; }
service S { rpc M (Q) returns (Q); }`;
    const method = (await schemaOf([file('ed.proto', text)])).method('ed.S.M');
    assert.equal(
      Buffer.from(method?.encode({ a: 0, b: 0, r: [1, 2], d: {} }) ?? []).toString('hex'),
      '0800180118022324',
    );
  });
});

describe('readDescriptorSet', () => {
  it('reads what protoc writes, and refuses anything else', async () => {
    const files = await readProtoFiles(library, [
      file(
        'set.proto',
        'syntax = "proto3"; package s; message A { int32 some_id = 1; } service S { rpc M(A) returns (A); }',
      ),
    ]);
    const set = library.create(library.FileDescriptorSetSchema, { file: [...files] });
    const path = join(folder, 'set.binpb');
    writeFileSync(path, library.toBinary(library.FileDescriptorSetSchema, set));
    const schema = new Schema(library, await readDescriptorSet(library, path));
    assert.equal(Buffer.from(schema.method('s.S.M')?.encode({ someId: 3 }) ?? []).toString('hex'), '0803');
    for (const [name, bytes] of [
      ['empty', ''],
      ['text', 'not a set'],
    ] as const) {
      await assert.rejects(readDescriptorSet(library, file(name, bytes)), { code: 'ELPIS_SOURCE' });
    }
    await assert.rejects(readDescriptorSet(library, join(folder, 'none')), /ENOENT/);
  });

  it('completes names of types and of JSON that a server has left out, and finds files without their imports', () => {
    const { create, FileDescriptorProtoSchema } = library;
    const field = { name: 'the_b', number: 1, label: 1, type: 11, typeName: 'B' } as const;
    const a = create(FileDescriptorProtoSchema, {
      name: 'a.proto',
      package: 'p.q',
      syntax: 'proto3',
      messageType: [
        {
          name: 'A',
          field: [field, { name: 'at', number: 2, label: 1, type: 11, typeName: 'google.protobuf.Timestamp' }],
        },
      ],
      service: [{ name: 'S', method: [{ name: 'M', inputType: 'A', outputType: '.p.q.A' }] }],
    });
    const b = create(FileDescriptorProtoSchema, {
      name: 'b.proto',
      package: 'p',
      syntax: 'proto3',
      messageType: [{ name: 'B' }],
    });
    const method = new Schema(library, [a, b]).method('p.q.S.M');
    assert.equal(
      Buffer.from(method?.encode({ theB: {}, at: '1970-01-01T00:00:01Z' }) ?? []).toString('hex'),
      '0a0012020801',
    );
    const c = create(FileDescriptorProtoSchema, { name: 'c.proto', dependency: ['none.proto'] });
    assert.throws(() => new Schema(library, [c]), /none\.proto, which c\.proto imports, is missing/);
  });
});
