// The pages of docs/reference about what a run leaves behind: the columns of samples, and the keys of the summary.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { phoutColumns, sampleFields } from '../../lib/aggregators/sampleFields.js';

const SCHEMA = fileURLToPath(new URL('../../docs/summary.schema.json', import.meta.url));

/** The part of JSON Schema that docs/summary.schema.json uses. */
interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The name of the table that describes a value: `counts` for `#/$defs/counts`. */
const refOf = ({ $ref, items }: Schema): string | undefined => ($ref ?? items?.$ref)?.split('/').at(-1);

function typeOf(schema: Schema): string {
  const { type, items, anyOf } = schema;
  const ref = refOf(schema);
  if (ref !== undefined) return `${items === undefined ? '' : 'list of '}[${ref}](#${ref})`;
  if (items !== undefined) return 'list';
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  return typeof type === 'string' ? type : (type ?? []).join(' or ');
}

/** A row per key; the keys inside of a map or a list come after it, with its name and a dot. */
function rowsOf({ properties = {} }: Schema, before = ''): readonly string[] {
  return Object.entries(properties).flatMap(([key, schema]) => [
    `| \`${before}${key}\` | ${typeOf(schema)} | ${cell(schema.description ?? '')} |`,
    ...[schema, schema.items ?? {}, ...(schema.anyOf ?? [])].flatMap((inner) => rowsOf(inner, `${before}${key}.`)),
  ]);
}

const table = (schema: Schema): string =>
  ['| key | value | meaning |', '| --- | --- | --- |', ...rowsOf(schema)].join('\n');

function summaryPage(mark: string): string {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Schema;
  const parts = Object.entries(schema.$defs ?? {}).map(([name, part]) => `## ${name}\n\n${table(part)}`);
  return `${[
    '# The summary as JSON',
    mark,
    '`--summary-json FILE`, the observer [summary-json](observers.md) and `summaryJson()` give it. [summary.schema.json](../summary.schema.json) is its JSON Schema. Within a `schemaVersion` keys may be added, never changed.',
    table(schema),
    ...parts,
  ].join('\n\n')}\n`;
}

function columnsPage(mark: string): string {
  const rows = (columns: readonly { readonly name: string; readonly about: string }[]): string =>
    columns.map(({ name, about }, i) => `| ${i + 1} | \`${name}\` | ${cell(about)} |`).join('\n');
  const head = '| | column | meaning |\n| --- | --- | --- |\n';
  return `${[
    '# Columns of samples',
    mark,
    'Durations are whole microseconds, moments Unix seconds with 6 digits, sizes bytes.',
    '## csv and jsonlines',
    'The columns of `csv`, and the keys of `jsonlines` and `json`, in this order. The tag is empty for an operation without one.',
    head + rows(sampleFields),
    '## phout',
    'Twelve columns between TABs, without a header. `time` has 3 digits; an operation without a tag has `__EMPTY__`; `id: true` appends `#` and the id to the tag.',
    head + rows(phoutColumns),
  ].join('\n\n')}\n`;
}

/** The text of each page by its file name. */
export function resultPages(mark: string): readonly (readonly [file: string, text: string])[] {
  return [
    ['columns.md', columnsPage(mark)],
    ['summary.md', summaryPage(mark)],
  ];
}
