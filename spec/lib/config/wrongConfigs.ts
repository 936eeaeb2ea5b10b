/** A config of one pool that is right, whose parts can be replaced by wrong ones. */
interface Parts {
  readonly gun?: string;
  readonly ammo?: string;
  readonly result?: string;
  readonly rps?: string;
  readonly startup?: string;
  /** Further lines of the pool. */
  readonly pool?: string;
  /** Further lines at the top level. */
  readonly top?: string;
}

function config({ gun, ammo, result, rps, startup, pool, top }: Parts): string {
  const lines = [
    `gun: ${gun ?? '{type: http, target: "localhost:8080"}'}`,
    `ammo: ${ammo ?? '{type: uri, uris: [/]}'}`,
    `result: ${result ?? '{type: discard}'}`,
    `rps: ${rps ?? '{type: const, ops: 1, duration: 1s}'}`,
    `startup: ${startup ?? '{type: once, times: 1}'}`,
    ...(pool === undefined ? [] : [pool]),
  ];
  return `pools:\n  - ${lines.join('\n    ')}\n${top === undefined ? '' : `${top}\n`}`;
}

type Row = readonly [sentence: string, text: string];
const rows = (prefix: string, key: keyof Parts, table: readonly Row[]): readonly Row[] =>
  table.map(([sentence, text]) => [`${prefix}${sentence}`, config({ [key]: text })]);

/** Configs that are wrong or probably not meant, as people write them. Their messages are in wrongConfigs.txt. */
export const WRONG_CONFIGS: readonly Row[] = [
  ['an empty file', ''],
  ['a text', 'hello'],
  ['a list instead of a map', '- pools'],
  ['no pools', 'log: {level: info}'],
  ['pools without anything', 'pools:'],
  ['pools as a map', 'pools: {gun: {type: http}}'],
  ['an empty list of pools', 'pools: []'],
  ['an empty pool', 'pools:\n  - {}\n'],
  ['a tab as indentation', 'pools:\n\t- gun: {}\n'],
  ['a bracket that is not closed', 'pools: [{gun: {type: http}\n'],
  ['a quote that is not closed', 'pools:\n  - id: "a\n'],
  ['a colon in a text', 'pools:\n  - id: a: b\n'],
  ['keys that do not begin in one column', 'pools:\n  - id: a\n   gun: {}\n'],
  ['two documents', `${config({})}---\n${config({})}`],
  ['a key twice', config({ pool: 'id: a\n    id: b' })],
  ['an alias without an anchor', config({ gun: '*gun', pool: 'idd: a' })],
  ['a merge of a text', config({ pool: '<<: text' })],
  ['a merge without an anchor', config({ pool: '<<: *base' })],
  ['a reserved character', config({ pool: 'id: @a' })],
  ['an escape that there is none', config({ pool: 'id: "\\q"' })],
  ['a reference without quotes in a map', config({ gun: '{type: http, target: ${HOST}}' })],
  ['a list on the line of its key', 'pools: - gun: 1\n'],
  ['an unknown key at the top', config({ top: 'loging: {}' })],
  ['a misspelt key of a pool', config({ pool: 'startups: {}' })],
  ['a pool key in two spellings', config({ pool: 'rps-per-instance: true\n    rps_per_instance: true' })],
  ['a number as an id', config({ pool: 'id: 5' })],
  ['two pools with one id', `${config({ pool: 'id: a' })}${config({ pool: 'id: a' }).replace('pools:\n', '')}`],
  ['a reference without a value', config({ gun: '{type: http, target: "${NOPE}:80"}' })],
  ['a property without a key', config({ pool: 'id: "${property:file}"' })],
  ['a property of a file that is not there', config({ pool: 'id: "${property:./nope.properties#key}"' })],
  ['a module that is not there', config({ gun: '{type: mine}', pool: 'idd: a', top: 'plugins: [./nope.ts]' })],
  ['a module from an address', config({ top: 'plugins: ["data:text/javascript,0", "https://example.org/a.js"]' })],
  ['a module that is a number', config({ top: 'plugins: [5]' })],
  ...rows('gun: ', 'gun', [
    ['a text', 'http'],
    ['a list', '[{type: http}]'],
    ['nothing', '~'],
    ['no type', '{target: "localhost:80"}'],
    ['two types', '{type: http, Type: http, target: "localhost:80"}'],
    ['a type that is a number', '{type: 5}'],
    ['a misspelt type', '{type: htpp, target: "localhost:80"}'],
    ['a type in another case', '{type: HTTP, target: "localhost:80"}'],
    ['a type that there is none of', '{type: grpcurl}'],
    ['no target', '{type: http}'],
    ['a target with a scheme', '{type: http, target: "http://localhost:80"}'],
    ['a target without a port', '{type: http, target: localhost}'],
    ['a target with a path', '{type: http, target: "localhost:80/path"}'],
    ['a target with too large a port', '{type: http, target: "localhost:99999"}'],
    ['an IPv6 target without brackets', '{type: http, target: "::1"}'],
    ['ssl as a quoted text', '{type: http, target: "localhost:80", ssl: "true"}'],
    ['ssl as a word', '{type: http, target: "localhost:80", ssl: yes}'],
    ['a duration without a unit', '{type: http, target: "localhost:80", response-header-timeout: "30"}'],
    ['a bare number as a duration', '{type: http, target: "localhost:80", response-header-timeout: 30}'],
    ['a duration in words', '{type: http, target: "localhost:80", response-header-timeout: 5 seconds}'],
    ['a dial that is a duration', '{type: http, target: "localhost:80", dial: 5s}'],
    ['a misspelt key of dial', '{type: http, target: "localhost:80", dial: {timout: 5s}}'],
    [
      'an answlog without a folder',
      '{type: http, target: "localhost:80", answlog: {enabled: true, path: ./no/answ.log}}',
    ],
    ['a filter that there is none of', '{type: http, target: "localhost:80", answlog: {filter: errors}}'],
  ]),
  ...rows('ammo: ', 'ammo', [
    ['neither file nor uris', '{type: uri}'],
    ['both file and uris', '{type: uri, file: {type: inline, data: /}, uris: [/]}'],
    ['uris of another format', '{type: raw, uris: [/]}'],
    ['a file that is not there', '{type: uri, file: ./nope.uri}'],
    ['a folder as a file', '{type: uri, file: .}'],
    ['uris as a text', '{type: uri, uris: /}'],
    ['uris without a slash', '{type: uri, uris: [home, /ok, "http://a/", "[Host: a]"]}'],
    ['a number in uris', '{type: uri, uris: [/, 5]}'],
    ['a header that is no text', '{type: uri, uris: [/], headers: [[Host: a]]}'],
    ['a header without brackets', '{type: uri, uris: [/], headers: ["Host: a"]}'],
    ['a negative limit', '{type: uri, uris: [/], limit: -1}'],
    ['a limit with a fraction', '{type: uri, uris: [/], limit: 2.5}'],
    ['a limit as a text', '{type: uri, uris: [/], limit: "5"}'],
    ['a decoder that there is none of', '{type: http, decoder: csv, file: {type: inline, data: /}}'],
    ['no JSON', '{type: http/json, file: {type: inline, data: nope}}'],
    ['ammo that the gun cannot shoot', '{type: num}'],
    ['a middleware without a type', '{type: uri, uris: [/], middlewares: [{}]}'],
    ['an empty mix', '{type: mix, providers: []}'],
    ['a mix with a weight of 0', '{type: mix, providers: [{weight: 0, ammo: {type: uri, uris: [/]}}]}'],
    ['a scenario without a module', '{type: scenario}'],
    [
      'templates with names that there are none of',
      '{type: uri, uris: [/, "/{{user}}"], headers: ["[A: b]", "[B: {{csv.name}}]"], templates: true}',
    ],
    [
      'a template in JSON that cannot be filled in',
      '{type: http/json, file: {type: inline, data: \'{"uri": "/{{a.b}}"}\'}, templates: true}',
    ],
    ['an empty file of JSON', '{type: http/json, file: {type: inline, data: ""}}'],
  ]),
  ...rows('result: ', 'result', [
    ['an empty list', '[]'],
    ['a path instead of a map', './phout.log'],
    ['a folder that does not exist', '{type: phout, destination: ./no/phout.log}'],
    ['one file twice', '[{type: phout, destination: ./a.log}, {type: csv, sink: ././a.log}]'],
    ['a column that there is none of', '{type: csv, sink: ./a.csv, columns: [tme]}'],
    ['a share of samples above 1', '{type: sampled, share: 2, result: {type: discard}}'],
  ]),
  ...rows('rps: ', 'rps', [
    ['a number', '5'],
    ['a text', '5rps'],
    ['an unknown profile', '{type: linear, from: 1, to: 5, duration: 5s}'],
    ['a line without to', '{type: line, from: 5, duration: 5s}'],
    ['no duration', '{type: const, ops: 5}'],
    ['a duration of 0', '{type: const, ops: 5, duration: 0s}'],
    ['a negative rate', '{type: const, ops: -5, duration: 5s}'],
    ['a rate as a text', '{type: const, ops: "5", duration: 5s}'],
    ['a rate that is not finite', '{type: const, ops: .inf, duration: 5s}'],
    ['a key of another profile', '{type: const, from: 5, duration: 5s}'],
    ['a step of 0', '{type: step, from: 1, to: 5, step: 0, duration: 5s}'],
    ['a wrong profile in a list', '[{type: once, times: 1}, {type: const, ops: 1, duration: 5}]'],
  ]),
  ...rows('startup: ', 'startup', [
    ['no instances', '{type: once, times: 0}'],
    ['instances with a fraction', '{type: once, times: 2.5}'],
    ['a misspelt key', '{type: once, time: 5}'],
  ]),
  ['overflow with two spellings', config({ pool: 'overflow: queue\n    discard_overflow: true' })],
  ['growth without a limit', config({ pool: 'overflow: grow' })],
  ['a log level that there is none of', config({ top: 'log: {level: verbose}' })],
  ['threads with a fraction', config({ top: 'threads: 2.5' })],
  ['no threads', config({ top: 'threads: 0' })],
  ['threads as a word', config({ top: 'threads: all' })],
  ['an observer without a type', config({ top: 'observers: [./summary.json]' })],
  ['an operator without a name', config({ pool: 'operators: {ticks: [{by: 5}]}' })],
  ['an operator from a module that is not there', config({ pool: 'operators: {ticks: [{use: ./nope.ts}]}' })],
  ['an operator at a point that there is none of', config({ pool: 'operators: {tick: []}' })],
  [
    'the log in the file of a result',
    config({ result: '{type: phout, destination: ./a.log}', top: 'log: {file: ./a.log}' }),
  ],
];
