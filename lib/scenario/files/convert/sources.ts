import { readFileSync } from 'node:fs';
import { isMap } from '../../../codec/struct.js';
import type { CsvSource, VariableSource } from '../model.js';
import { csvRows } from '../sources/csvRows.js';
import { loadSources } from '../sources/sources.js';
import { parseCall } from '../values/functions.js';
import { type GoMap, type GoValue, isMap as isGoMap } from '../values/goValue.js';
import { access, type Conversion, keyOf, literal, type Names, NotConverted } from './code.js';
import type { Row, Value } from './expressions.js';

/** Rows up to this number are written into the code. */
const MAX_INLINE_ROWS = 100;

/** A map of single values, as rows are. */
function isFlat(value: GoValue): boolean {
  return isGoMap(value) && Object.values(value).every((each) => ['string', 'number', 'boolean'].includes(typeof each));
}

/** The first line of a CSV file, as names. */
function namesIn(source: CsvSource): readonly string[] {
  const [first] = csvRows(readFileSync(source.file, 'utf8'), { ...source, fields: [], ignoreFirstLine: false });
  return Object.keys(first ?? {});
}

/** The variable sources of a file as code. */
export class SourceCode {
  readonly #values: GoMap;
  readonly #declared = new Map<string, string>();
  readonly #feeders = new Map<string, string>();
  readonly #byName: ReadonlyMap<string, VariableSource>;

  constructor(
    sources: readonly VariableSource[],
    private readonly names: Names,
    private readonly conversion: Conversion,
  ) {
    this.#byName = new Map(sources.map((source) => [source.name, source]));
    // Values of functions differ from run to run, so they are never written into the code.
    this.#values = loadSources(sources, { numbers: 'plain' }).values(() => 0);
  }

  /** What stands before the scenarios. */
  get declarations(): readonly string[] {
    return [...this.#declared.values(), ...this.#feeders.values()];
  }

  #source(name: string): VariableSource {
    const source = this.#byName.get(name);
    if (source === undefined) throw new NotConverted(`there is no variable source ${name}`);
    return source;
  }

  /** The value of a source that is written in the file. @throws NotConverted */
  constant([name = '', ...keys]: readonly string[]): Value {
    const source = this.#source(name);
    if (source.type !== 'variables') throw new NotConverted(`${name} is read without [next] or [rand]`);
    let value: unknown = source.variables;
    for (const key of keys) value = isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw new NotConverted(`source.${[name, ...keys].join('.')} is no single value`);
    }
    if (typeof value === 'string' && parseCall(value) !== undefined) {
      throw new NotConverted(`source.${[name, ...keys].join('.')} is a random value that is made once for a run`);
    }
    const code = keys.reduce(access, this.#declare(name, source.variables));
    return { code, fromSession: false };
  }

  #declare(name: string, variables: Readonly<Record<string, unknown>>): string {
    const known = this.#declared.get(name);
    if (known !== undefined) return /^const (\S+)/.exec(known)?.[1] as string;
    const id = this.names.take(name);
    this.#declared.set(name, `const ${id} = ${valueCode(variables)} as const;`);
    return id;
  }

  /**
   * A feeder with the rows of a source, for `[next]` and `[rand]`. Paths that are equal up to the bracket share one.
   *
   * @throws NotConverted for a source whose rows are no flat maps.
   */
  feeder(name: string, index: 'next' | 'rand'): { readonly id: string; readonly row: Row } {
    const source = this.#source(name);
    const rows = this.#values[name] as GoValue;
    if (source.type === 'variables' || !Array.isArray(rows) || rows.length === 0 || !rows.every(isFlat)) {
      throw new NotConverted(`${name} is no list of maps of single values`);
    }
    const columns = Object.keys(rows[0] as object);
    const key = `${name} ${index}`;
    const known = this.#feeders.get(key);
    if (known !== undefined) return { id: /^const (\S+)/.exec(known)?.[1] as string, row: { columns } };
    const made = this.#rows(source, rows, columns, index === 'next' ? 'next' : 'random');
    const id = this.names.take(index === 'next' ? name : `${name}_random`);
    this.#feeders.set(key, `const ${id} = ${made};`);
    return { id, row: { columns } };
  }

  #rows(source: VariableSource, rows: readonly unknown[], columns: readonly string[], strategy: string): string {
    const options = `strategy: ${literal(strategy)}`;
    const list = `[${columns.map(literal).join(', ')}]`;
    if (source.type === 'file/csv') {
      const { fields, ignoreFirstLine, delimiter, file } = source;
      const named = ignoreFirstLine && columns.every((column, i) => namesIn(source)[i] === column);
      const plain = fields.length > 0 && !ignoreFirstLine;
      if (named || plain) {
        const separated = delimiter === '' || delimiter === ',' ? '' : `, delimiter: ${literal(delimiter.charAt(0))}`;
        const header = plain ? ', header: false' : '';
        const code = this.conversion.use('csvFeeder');
        return `${code}({ file: ${literal(file)}, columns: ${list}${header}${separated}, ${options} })`;
      }
    }
    if (rows.length > MAX_INLINE_ROWS) {
      throw new NotConverted(`${source.name} has other columns than the first line of its file: write them there`);
    }
    const lines = rows.map((row) => `  ${valueCode({ ...Object(row) })},`).join('\n');
    return `${this.conversion.use('rowsFeeder')}(${literal(source.name)}, [\n${lines}\n], { ${options} })`;
  }
}

/** A value that is written in a file, as code. */
function valueCode(value: unknown): string {
  if (typeof value === 'string') return literal(value);
  if (Array.isArray(value)) return `[${value.map(valueCode).join(', ')}]`;
  if (!isMap(value)) return String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${keyOf(key)}: ${valueCode(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
