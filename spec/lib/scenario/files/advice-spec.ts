import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readText } from './readFile.js';

const START = 'scenarios: [{name: s, requests: [a]}]\n';

describe('advice about scenario files', () => {
  const ADVICE: readonly (readonly [what: string, text: string, warnings: readonly string[]])[] = [
    [
      'a source, a request and variables that nothing uses',
      `variable_sources: [{type: variables, name: never, variables: {}}]
requests:
  - {name: a, preprocessor: {mapping: {p: uuid}}, postprocessors: [{type: var/header, mapping: {h: Location}}]}
  - {name: b}
${START}`,
      [
        '1:44 variable_sources[0].name: nothing uses the variable source never',
        '3:43 requests[0].preprocessor.mapping.p: nothing uses the variable p',
        '3:100 requests[0].postprocessors[0].mapping.h: nothing uses the variable h',
        '4:12 requests[1].name: no scenario plays b',
      ],
    ],
    [
      'names that nothing defines',
      `variable_sources: [{type: file/json, name: users, file: users.json}]
requests:
  - name: a
    uri: "/{{.source.usrs}}"
    headers: {x: "{{.request.aa.preprocessor.u}}"}
    body: "{{.request.a.preprocessor.user.id}}{{.request.a.postprocessor.t}}"
    preprocessor: {mapping: {u: "source.users[next]", w: "source.nope[next].id", z: "randString(3, source.nope)"}}
  - name: b
    uri: "/{{.request.a.preprocessor.w}}{{.request.a.preprocessor.z}}"
scenarios: [{name: s, requests: [a, b]}]
`,
      [
        '4:10 requests[0].uri: there is no variable source usrs, so it has no value (did you mean users?)',
        '5:18 requests[0].headers.x: there is no step aa, so it has no value (did you mean a?)',
        '6:11 requests[0].body: the preprocessor of a sets no user, so it has no value',
        '6:11 requests[0].body: the postprocessor of a sets no t, so it has no value',
        '7:58 requests[0].preprocessor.mapping.w: there is no variable source nope, so this step fails in every run',
        '7:85 requests[0].preprocessor.mapping.z: there is no variable source nope, so it has no value',
      ],
    ],
    [
      'two requests of one name',
      `requests: [{name: a, uri: /1}, {name: a, uri: /2}]\n${START}`,
      ['1:19 requests[0].name: a later one is named a too; only the last one is played, as in Pandora'],
    ],
    [
      'scenarios of one name, of a negative weight, without requests',
      'requests: [{name: a}]\nscenarios: [{name: s, requests: [a]}, {name: s, weight: -1, requests: [a]}, {name: t, requests: ["a(0)"]}]\n',
      [
        '2:46 scenarios[1].name: another scenario is named s; as in Pandora, all of them have the weight of the last one',
        '2:57 scenarios[1].weight: s is never played',
        '2:97 scenarios[2].requests: t has no requests',
      ],
    ],
    [
      'a scenario of more than a million requests',
      'requests: [{name: a}]\nscenarios: [{name: s, requests: ["a(1000000)", a]}]\n',
      ['2:33 scenarios[0].requests: s has 1000001 requests'],
    ],
    [
      'a key that is written twice: the last one counts',
      'requests: [{name: b, name: a}]\nscenarios: [{name: s, requests: [a]}]\n',
      ['1:22 top level: the key "name" is already in the same map; the last one counts (remove one of them)'],
    ],
    [
      'nothing about names that are used in any way',
      `variable_sources: [{type: variables, name: u, variables: {}}, {type: variables, name: "u v", variables: {}}]
requests:
  - name: my-a
    preprocessor: {mapping: {p: "source.u.x", q: "request.my-a.preprocessor"}}
    body: '{{index .request "my-a" "preprocessor" "p"}}{{index .source "u v"}}{{.q}}'
scenarios: [{name: s, requests: [my-a]}]
`,
      [],
    ],
  ];
  for (const [what, text, warnings] of ADVICE) {
    it(`tells ${what}`, () => {
      const read = readText('s.yaml', text);
      assert.deepEqual(read.errors, []);
      assert.deepEqual(read.warnings, warnings);
    });
  }

  it('knows that a response over gRPC sets any variables', () => {
    const text = `calls: [{name: a, payload: "{{.request.a.postprocessor.token}}", preprocessors: [{type: prepare, mapping: {x: uuid}}]}]\n${START}`;
    assert.deepEqual(readText('s.yaml', text, { protocol: 'grpc' }).warnings, [
      '1:111 calls[0].preprocessors[0].mapping.x: nothing uses the variable x',
    ]);
  });

  it('stops after 50 names that nothing defines', () => {
    const body = Array.from({ length: 200 }, (_, i) => `{{.source.no${i}}}`).join('');
    const read = readText('s.yaml', `requests: [{name: a, body: "${body}"}]\n${START}`);
    assert.equal(read.warnings.length, 50);
  });

  it('is at most 100 warnings about one file', () => {
    const unused = Array.from({ length: 150 }, (_, i) => `{name: b${i}}`).join(', ');
    assert.equal(readText('s.yaml', `requests: [{name: a}, ${unused}]\n${START}`).warnings.length, 100);
  });
});
