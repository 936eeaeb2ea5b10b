import { stringify } from 'yaml';
import { builtins } from '../../builtins/builtins.js';
import { closest } from '../../codec/closest.js';
import { foldKey } from '../../codec/struct.js';
import { type ComponentDescription, describeConfig, type KeyDescription } from '../../config/describeComponents.js';
import { ElpisError } from '../../core/errors.js';
import { command, requiredArgument } from '../command.js';
import { componentText, keyText } from '../componentText.js';
import { EXIT_CODES } from '../exitCodes.js';
import { describeFor, WITH_CONFIG } from './plugins.js';

/** An explanation and the names under which it is found. */
interface Topic {
  readonly names: readonly string[];
  readonly text: string;
  /** The key that is explained, with the component that has it; absent for a component. */
  readonly key?: KeyDescription;
  readonly owner?: string;
}

/** The keys of a config under which components of a kind are written. */
const PLACES: Readonly<Record<ComponentDescription['kind'], readonly string[]>> = {
  gun: ['gun'],
  provider: ['ammo'],
  aggregator: ['result'],
  schedule: ['rps', 'startup'],
  observer: ['observers'],
  operator: ['operators'],
  middleware: ['middlewares'],
  source: ['source', 'file'],
  sink: ['sink', 'destination'],
};

function exampleText(at: string, example: unknown): string {
  if (example === undefined) return '';
  const written = stringify({ [at]: example }, { flowCollectionPadding: false }).trimEnd();
  return `  example\n${written.replaceAll(/^/gm, '    ')}\n`;
}

/** A component, and each of its keys. */
function componentTopics(described: ComponentDescription): readonly Topic[] {
  const { kind, name, keys, example } = described;
  const [at = kind] = PLACES[kind];
  const owners = [kind, ...PLACES[kind]].map((place) => `${place}.${name}`);
  const keyTopics = keys.map(
    (key): Topic => ({
      // As in a message of check, which has the place of the component and not its name.
      names: [...owners, name, ...PLACES[kind]].map((owner) => `${owner}.${key.key}`),
      text: `${kind} ${name}\n${keyText(key)}${exampleText(at, example)}`,
      key,
      owner: `${kind}.${name}`,
    }),
  );
  return [{ names: [...owners, name], text: componentText(described) + exampleText(at, example) }, ...keyTopics];
}

/** A key at the top of a config or of a pool, with the components that it can select. */
function keyTopic(key: KeyDescription, names: readonly string[], all: readonly ComponentDescription[]): Topic {
  const here = all.filter(({ kind }) => PLACES[kind].includes(key.key)).map(({ name }) => name);
  const choices =
    here.length === 0 ? '' : `  types      ${here.join(', ')}\n  more       elpis explain ${key.key}.${here[0]}\n`;
  return { names, text: `${names[0]}\n${keyText(key)}${choices}`, key, owner: names[0] === key.key ? '' : 'pools' };
}

/** `pools[0].gun` and `pools.0.gun` are `pools.gun`; case, dashes and underscores are ignored. */
const folded = (name: string): string => foldKey(name.replaceAll(/\[\d+\]|\.\d+(?=\.|$)/g, ''));

function topicsOf(all: readonly ComponentDescription[]): readonly Topic[] {
  const { top, pool } = describeConfig(builtins());
  return [
    ...top.map((key) => keyTopic(key, [key.key], all)),
    ...pool.map((key) => keyTopic(key, [`pools.${key.key}`, key.key], all)),
    ...all.flatMap(componentTopics),
  ];
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The keys of which `word` is a part: all of `tls.verify` and `tls.ca` for `tls`, and `dial.timeout` and `request-timeout` for `timeout`. */
function keysWith(word: string, topics: readonly Topic[]): readonly Topic[] {
  const part = new RegExp(`(^|[.-])${escaped(word.toLowerCase())}([.-]|$)`);
  return topics.filter(({ key, names }) => key !== undefined && names.some((name) => part.test(name.toLowerCase())));
}

/** A line for each key, and the components that have it. A key of many components stands there once. */
function keyList(word: string, found: readonly Topic[]): string {
  const owners = new Map<string, { key: KeyDescription; of: string[] }>();
  for (const { key, owner = '' } of found) {
    if (key === undefined) continue;
    const same = `${key.key}\n${key.doc}`;
    const entry = owners.get(same) ?? { key, of: [] };
    if (owner !== '') entry.of.push(owner);
    owners.set(same, entry);
  }
  const blank = ' '.repeat(31);
  const lines = [...owners.values()].map(({ key, of }) => {
    const where = of.length === 0 ? '' : `${blank}of ${of.join(', ')}\n`;
    return `  ${key.key.padEnd(28)} ${key.doc}\n${where}`;
  });
  return `keys with ${word} in their name\n${lines.join('')}`;
}

/** `elpis explain`: explains a key or a component of a config. */
export const explainCommand = command({
  name: 'explain',
  describe: 'explain a key or a component of a config: type, unit, default, meaning, example',
  options: {
    key: requiredArgument('such as gun.http, http.target, pools.rps or threads'),
    ...WITH_CONFIG,
  },
  run: async ({ key, ...from }, io) => {
    const all = await describeFor(from, io);
    if (all === undefined) return EXIT_CODES.badUsage;
    const topics = topicsOf(all);
    const wanted = folded(key).replace(/^pools\.(?=.*\..)/, '');
    const found = topics.filter(({ names }) => names.some((name) => [folded(key), wanted].includes(foldKey(name))));
    const parts = found.length === 0 ? keysWith(key.trim(), topics) : [];
    if (parts.length > 0) {
      io.stdout.write(keyList(key, parts));
      return EXIT_CODES.ok;
    }
    if (found.length === 0) {
      const near = closest(
        key,
        topics.flatMap(({ names }) => names),
      );
      const hint = near === undefined ? 'elpis plugins lists all components and their keys' : `did you mean ${near}?`;
      throw new ElpisError('ELPIS_USAGE', `there is no key or component ${key}`, { hint });
    }
    io.stdout.write(found.map(({ text }) => text).join('\n'));
    return EXIT_CODES.ok;
  },
});
