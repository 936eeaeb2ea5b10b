// The pages of docs/reference, made of what the components say about themselves. `npm run reference` writes them.
import { stringify } from 'yaml';
import { builtins } from '../../lib/builtins/builtins.js';
import {
  type ComponentDescription,
  describeComponents,
  describeConfig,
  type KeyDescription,
} from '../../lib/config/describeComponents.js';
import { placed } from './placed.js';
import { resultPages } from './resultPages.js';

type Kind = ComponentDescription['kind'];

/** What a page of components begins with. */
interface Page {
  readonly file: string;
  readonly title: string;
  readonly about: string;
}

const PAGES: Readonly<Record<Kind, Page>> = {
  schedule: {
    file: 'schedules.md',
    title: 'Schedules',
    about:
      'A schedule says when operations are due (`rps`) and when instances start (`startup`). A list of schedules is played one after another. A schedule decides the number and the time of each operation before the run starts: `elpis plan` prints them.',
  },
  provider: {
    file: 'ammo.md',
    title: 'Ammo',
    about:
      'A provider makes the ammo, in the key `ammo` of a pool. The file formats, with an example of each, are in [AMMO.md](../AMMO.md). A provider ends when its file was read `passes` times or `limit` items were taken; the pool ends then too.',
  },
  gun: {
    file: 'guns.md',
    title: 'Guns',
    about:
      'A gun shoots the ammo of a pool, in the key `gun`. Each instance has its own gun, which shoots one ammo at a time.',
  },
  aggregator: {
    file: 'results.md',
    title: 'Results',
    about:
      'A result gets each sample of a pool, in the key `result`: one of these, or a list of them. The summary of the run does not depend on it. The columns are in [columns.md](columns.md), the keys of the summary in [summary.md](summary.md).',
  },
  source: {
    file: 'sources.md',
    title: 'Data sources',
    about:
      'A data source provides the bytes of ammo and other data. Text is a short form of it: `stdin`, an `http` or `https` address, or the path of a file.',
  },
  sink: {
    file: 'sinks.md',
    title: 'Data sinks',
    about:
      'A data sink receives the bytes of results. Text is a short form of it: `stdout`, `stderr`, or the path of a file.',
  },
  middleware: {
    file: 'middlewares.md',
    title: 'Middlewares',
    about: 'A middleware changes each HTTP ammo when an instance takes it, in the key `middlewares` of a provider.',
  },
  operator: {
    file: 'operators.md',
    title: 'Operators in YAML',
    about:
      'An operator is applied at one point of a pool, in the key `operators`: between schedule and ammo (`ticks`), between ammo and instances (`shots`), or between instances and results (`samples`). All operators for code are in [OPERATORS.md](../OPERATORS.md).',
  },
  observer: {
    file: 'observers.md',
    title: 'Observers',
    about:
      'An observer handles the events of the whole run, in the key `observers` at the top of a config. See [WINDOWS.md](../WINDOWS.md).',
  },
};

const MARK = '<!-- Written by npm run reference. Change the component, not this page. -->';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function defaultCell({ required, default: value }: KeyDescription): string {
  if (required) return '**required**';
  if (value === undefined || value === null || value === '') return '';
  if (Array.isArray(value) && value.length > 4) return 'all';
  return `\`${cell(typeof value === 'string' ? value : JSON.stringify(value))}\``;
}

/** The keys of a map as a table. */
function keyTable(keys: readonly KeyDescription[]): string {
  if (keys.length === 0) return 'It has no keys except `type`.\n';
  const rows = keys.map(
    (key) => `| \`${key.key}\` | ${cell(key.type)} | ${defaultCell(key)} | ${cell(capital(key.doc))} |`,
  );
  return ['| key | value | default | meaning |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

function section(component: ComponentDescription): string {
  const example = placed(component);
  const at = component.at === undefined ? '' : ` (${component.at})`;
  return [
    `## \`${component.name}\`${at}`,
    '',
    component.summary,
    '',
    ...(example === undefined ? [] : ['```yaml', stringify(example).trimEnd(), '```', '']),
    keyTable(component.keys),
  ].join('\n');
}

function kindPage({ title, about }: Page, components: readonly ComponentDescription[]): string {
  const list = components.map(({ name, summary }) => `| \`${name}\` | ${cell(summary)} |`);
  const contents = ['| type | description |', '| --- | --- |', ...list].join('\n');
  return `${[`# ${title}`, MARK, about, contents].join('\n\n')}\n\n${components.map(section).join('\n')}`;
}

/** A whole config, which a spec runs. */
const CONFIG = `pools:
  - id: shop
    gun: { type: http, target: "localhost:8080" }
    ammo: { type: uri, uris: ["/", "/bytes/100 page"] }
    result: { type: phout, destination: ./phout.log }
    rps: { type: line, from: 1, to: 500, duration: 60s }
    startup: { type: once, times: 50 }
threads: auto
log: { level: warn, file: ./elpis.log }
`;

function configPage(): string {
  const { top, pool } = describeConfig(builtins());
  return `${[
    '# The keys of a config',
    MARK,
    'A config is YAML or JSON. Case, dashes and underscores in keys do not count. `elpis check` reads a config and says everything that is wrong with it.',
    `\`\`\`yaml\n${CONFIG}\`\`\``,
    '## At the top',
    keyTable(top).trimEnd(),
    '## Of a pool',
    keyTable(pool).trimEnd(),
  ].join('\n\n')}\n`;
}

function indexPage(pages: readonly Page[]): string {
  const rows = pages.map(
    ({ file, title, about }) => `| [${title}](${file}) | ${cell(about.split(/\.(?: |$)/)[0] ?? '')}. |`,
  );
  return `${[
    '# Reference of configs',
    MARK,
    'Each page lists each type of its kind with an example and each key with its value, default and meaning. `elpis explain` shows the same in the terminal.',
    [
      '| page | contents |',
      '| --- | --- |',
      '| [The keys of a config](config.md) | The top of a config, and a pool. |',
      ...rows,
      '| [Columns of samples](columns.md) | The columns of csv, jsonlines and phout. |',
      '| [The summary as JSON](summary.md) | Each key, with its unit. |',
    ].join('\n'),
    'A value in the tables is written in words: `a duration such as 30s` takes `ns`, `us`, `ms`, `s`, `m` and `h`, also together (`1m30s`); `a size such as 8mb` takes `b`, `kb`, `mb`, `gb` and `tb`, in powers of 1,024.',
  ].join('\n\n')}\n`;
}

/** The text of each page by its file name. */
export function referencePages(): ReadonlyMap<string, string> {
  const components = describeComponents(builtins());
  const kinds = Object.entries(PAGES) as readonly (readonly [Kind, Page])[];
  return new Map([
    ['README.md', indexPage(Object.values(PAGES))],
    ['config.md', configPage()],
    ...resultPages(MARK),
    ...kinds.map(([kind, page]): [string, string] => [
      page.file,
      kindPage(
        page,
        components.filter((component) => component.kind === kind),
      ),
    ]),
  ]);
}
