import fc from 'fast-check';
import { stringify } from 'yaml';
import { builtins } from '../../../lib/builtins/builtins.js';
import { type ComponentDescription, describeComponents } from '../../../lib/config/describeComponents.js';
import { placed } from '../../reference/placed.js';

type Tree = Record<string | number, unknown>;

const COMPONENTS = describeComponents(builtins());

/** A whole config around the example of a component. */
function configOf(component: ComponentDescription): Tree {
  const part = placed(component) ?? {};
  const pool = {
    gun: { type: 'http', target: '127.0.0.1:8080' },
    ammo: { type: 'uri', uris: ['/ a'] },
    result: { type: 'discard' },
    rps: [
      { type: 'const', ops: 10, duration: '1s' },
      { type: 'once', times: 5 },
    ],
    startup: { type: 'once', times: 2 },
  };
  return component.kind === 'observer' ? { pools: [pool], ...part } : { pools: [{ ...pool, ...part }] };
}

const KEYS = [...new Set(COMPONENTS.flatMap(({ keys }) => keys.map(({ key }) => key.split('.')[0] as string)))];
const NAMES = [...new Set(COMPONENTS.map(({ name }) => name))];

/** Values that are wrong in most places, and right in some. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', 0, -1, 0.5, 1e9, 2 ** 53, 1e300, Number.NaN, Number.POSITIVE_INFINITY),
  fc.constantFrom<unknown>(
    '0',
    '30',
    '30s',
    '-5ms',
    '1h',
    '999999h',
    '8mb',
    'on',
    '127.0.0.1:1',
    'http://[',
    '\0',
    ' ',
  ),
  fc.constantFrom<unknown>('${', '${X}', '${env:X}', '${property:a#b}', '{{', '{{index', '__proto__', 'constructor'),
  fc.constantFrom<unknown>([], {}, [[]], [null], { type: null }, { type: [] }, { __proto__: null, toString: 1 }),
  fc.constantFrom(...NAMES).map((type) => ({ type })),
  fc.constantFrom(...COMPONENTS.flatMap(({ example }) => (example === undefined ? [] : [example]))),
  fc.string({ maxLength: 12 }),
  fc.nat(200).map((depth) => {
    let value: unknown = 1;
    for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
    return value;
  }),
);

interface Edit {
  readonly place: number;
  readonly how: 'replace' | 'delete' | 'rename' | 'wrap' | 'add' | 'copy';
  readonly key: string;
  readonly value: unknown;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  place: fc.nat(),
  how: fc.constantFrom('replace', 'delete', 'rename', 'wrap', 'add', 'copy'),
  key: fc.oneof(fc.constantFrom(...KEYS), fc.constantFrom('__proto__', 'toString', 'x-a', '<<', '', '0')),
  value: oddValue,
});

/** All places of a tree: the map or list, and the key in it. */
function placesOf(value: unknown, places: [Tree, string | number][] = []): [Tree, string | number][] {
  if (typeof value !== 'object' || value === null) return places;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    places.push([value as Tree, key]);
    if (places.length < 2000) placesOf((value as Tree)[key], places);
  }
  return places;
}

const set = (at: Tree, key: string | number, value: unknown): void => {
  Object.defineProperty(at, key, { value, writable: true, enumerable: true, configurable: true });
};

function apply(root: Tree, { place, how, key, value }: Edit): void {
  const places = placesOf(root);
  const [at, old] = places[place % places.length] ?? [root, 'pools'];
  const before = at[old];
  if (how === 'replace') set(at, old, value);
  if (how === 'wrap') set(at, old, [before]);
  if (how === 'copy') set(at, old, structuredClone(places[(place + 7) % places.length]?.[0]));
  if (how === 'add') set(typeof before === 'object' && before !== null ? (before as Tree) : at, key, value);
  if (Array.isArray(at)) return;
  if (how === 'delete' || how === 'rename') delete at[old];
  if (how === 'rename') set(at, key, before);
}

/** Pieces that mean something in YAML. */
const TOKENS = [
  '\n',
  '  ',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '#',
  '&a ',
  '*a',
  '<<: ',
  '!!str ',
  '|',
  '---\n',
  '\t',
  '\0',
  '?',
  '%',
];

/** Texts of configs: the example of each component, with values exchanged and pieces of text put in and cut out. */
export const configTexts: fc.Arbitrary<string> = fc
  .record({
    base: fc.constantFrom(...COMPONENTS),
    edits: fc.array(edit, { maxLength: 4 }),
    json: fc.boolean(),
    cuts: fc.array(fc.record({ at: fc.nat(), remove: fc.nat(6), insert: fc.constantFrom(...TOKENS) }), {
      maxLength: 2,
    }),
  })
  .map(({ base, edits, json, cuts }) => {
    const root = structuredClone(configOf(base));
    for (const one of edits) apply(root, { ...one, value: structuredClone(one.value) });
    let text = json ? JSON.stringify(root, null, 1) : stringify(root, { aliasDuplicateObjects: false });
    for (const { at, remove, insert } of cuts) {
      const from = at % (text.length + 1);
      text = text.slice(0, from) + insert + text.slice(from + remove);
    }
    return text;
  });
