import type { Path } from '../../../codec/report/path.js';
import type { FileScenario, HttpRequestStep, StepRun } from '../model.js';
import { type MappingEntry, parseMappingEntry } from '../values/mapping.js';
import { type Conversion, literal, Names, NotConverted } from './code.js';
import {
  callCode,
  type Known,
  mapCode,
  partCode,
  type Resolve,
  templateCode,
  type Value,
  variable,
} from './expressions.js';
import { checksCode, extractorCode } from './postprocessors.js';
import type { SourceCode } from './sources.js';

/** Copies of a step that sets variables are written one by one, up to this number. */
const MAX_COPIES = 20;

/** The longest line of a call. */
const MAX_WIDTH = 100;

/** The operators of one `pipe`. */
const MAX_OPERATORS = 20;

/** The code of the steps of one scenario. */
class ScenarioCode {
  /** What names of the file stand for in the steps that follow. */
  readonly #known = new Map<string, Known>();
  readonly #names = new Names(['vars']);
  /** The columns of rows in the session, and the source of each. */
  readonly #columns = new Map<string, string>();
  #lines: string[] = [];

  constructor(
    private readonly sources: SourceCode,
    private readonly conversion: Conversion,
  ) {}

  steps(runs: readonly StepRun<HttpRequestStep>[]): readonly string[] {
    for (const run of runs) this.#run(run);
    return this.#lines;
  }

  #run({ step, count, sleepMs, lastSleepMs, path }: StepRun<HttpRequestStep>): void {
    const before = this.#lines;
    this.#lines = [];
    const known = this.#known.size;
    this.#step(step);
    const once = this.#lines;
    this.#lines = before;
    const setsVariables = this.#known.size > known || once.some((line) => /^(?:extract|feed)\(/.test(line));
    const pause = (ms: number): readonly string[] => (ms > 0 ? [`${this.conversion.use('pause')}(${ms}),`] : []);
    if (count === 1 || (setsVariables && count <= MAX_COPIES)) {
      for (let i = 1; i <= count; i++) this.#lines.push(...once, ...pause(i === count ? lastSleepMs : sleepMs));
      return;
    }
    if (setsVariables) {
      const reason = `${count} copies of a request that sets variables: write a loop`;
      this.conversion.part(
        path,
        () => {
          throw new NotConverted(reason);
        },
        () => undefined,
      );
      this.#lines.push(`// not converted: ${reason}`, ...once);
      return;
    }
    const inside = [...once, ...pause(sleepMs)].map((line) => `    ${line}`);
    this.#lines.push(`${this.conversion.use('loop')}(${count}, (turn) =>`, '  turn.pipe(', ...inside, '  ),', '),');
    this.#lines.push(...pause(lastSleepMs - sleepMs));
  }

  #step(step: HttpRequestStep): void {
    const { path, name, method, templater, preprocessor } = step;
    if (preprocessor !== undefined) this.#preprocessor(step, preprocessor);
    if (templater === 'html') this.#refuse([...path, 'templater'], 'the templater html, which escapes values');
    const uri = this.#template(step, ['uri'], step.uri, (text) => {
      if (!text.startsWith('/')) throw new NotConverted('a uri that does not begin with a slash');
    });
    const headers = Object.entries(step.headers).map(
      ([key, text]) => [key, this.#template(step, ['headers', key], text)] as const,
    );
    const options: readonly (readonly [key: string, value: Value])[] = [
      ...(headers.length === 0 ? [] : [['headers', mapCode(headers)] as const]),
      ...(step.body === undefined ? [] : [['body', this.#template(step, ['body'], step.body)] as const]),
    ];
    const use = (each: string): string => this.conversion.use(each);
    const tag = literal(name.replaceAll(/[/|]/g, '_'));
    const head = `${use('request')}(${tag}, ${literal(method || 'GET')}, ${partCode(uri)}`;
    this.#call(
      `${head}${options.length === 0 ? '' : ', '}`,
      options.map(([key, value]) => `${key}: ${partCode(value)}`),
    );
    for (const each of step.postprocessors) {
      if (each.type === 'assert/response') {
        const checks = checksCode(each, this.conversion);
        this.#call(`${use('check')}(`, checks);
        continue;
      }
      const extractors = Object.entries(each.mapping).flatMap(([key, expression]) =>
        this.#part<readonly string[]>([...each.path, 'mapping', key], () => {
          const code = extractorCode(each.type, expression, this.conversion);
          const id = this.#names.take(`${name}_${key}`);
          this.#known.set(`${name} postprocessor ${key}`, variable(id));
          return [`${id}: ${code}`];
        }, []),
      );
      if (extractors.length > 0) this.#call(`${use('extract')}(`, extractors);
    }
  }

  /** Writes a call whose last argument is an object: on one line if it fits, else with a line for each key. */
  #call(head: string, entries: readonly string[]): void {
    const one = entries.length === 0 ? `${head}),` : `${head}{ ${entries.join(', ')} }),`;
    if (head.endsWith('(') && entries.length === 0) return;
    if (one.length <= MAX_WIDTH || entries.length === 0) this.#lines.push(one);
    else this.#lines.push(`${head}{`, ...entries.map((entry) => `  ${entry},`), '}),');
  }

  /** Converts a part, or writes a comment with the reason. */
  #part<T>(path: Path, convert: () => T, otherwise: T): T {
    return this.conversion.part(path, convert, (reason) => {
      this.#lines.push(`// not converted: ${path.at(-1)}: ${reason}`.replaceAll(/\s+/g, ' '));
      return otherwise;
    });
  }

  #refuse(path: Path, reason: string): void {
    this.#part(
      path,
      () => {
        throw new NotConverted(reason);
      },
      undefined,
    );
  }

  #template({ path, name }: HttpRequestStep, way: Path, text: string, check?: (text: string) => void): Value {
    const resolve: Resolve = (names) => this.#resolve(names);
    const make = (code: string): Value => this.#generated(`${name}_${way.at(-1)}`, code);
    return this.#part(
      [...path, ...way],
      () => {
        check?.(text);
        return templateCode(text, resolve, make, this.conversion);
      },
      { code: literal(text), fromSession: false },
    );
  }

  /** A variable that is made of random numbers before the request. */
  #generated(name: string, code: string): Value {
    if (code === 'randomUUID()') return { code, fromSession: false };
    const id = this.#names.take(name);
    const [feed, generator] = [this.conversion.use('feed'), this.conversion.use('generatorFeeder')];
    this.#lines.push(`${feed}(${generator}((_index, random) => ({ ${id}: ${code} }))),`);
    return variable(id);
  }

  #resolve([root, name = '', part, key, ...rest]: readonly string[]): Value {
    const chain = [root, name, part, key, ...rest].filter((each) => each !== undefined).join('.');
    if (root === 'source') {
      return this.sources.constant([name, ...[part, key, ...rest].filter((each) => each !== undefined)]);
    }
    const known = this.#known.get(`${name} ${part} ${key}`);
    if (root !== 'request' || known === undefined) throw new NotConverted(`nothing before has set ${chain}`);
    const [column, ...deeper] = rest;
    if (!('columns' in known)) {
      if (column === undefined) return known;
      throw new NotConverted(`${chain} is a part of a value: extract that part`);
    }
    if (column === undefined || deeper.length > 0 || !known.columns.includes(column)) {
      throw new NotConverted(`${chain} is no column of the rows`);
    }
    return variable(column);
  }

  #preprocessor({ name, path }: HttpRequestStep, mapping: Readonly<Record<string, string>>): void {
    for (const [key, text] of Object.entries(mapping)) {
      const at = [...path, 'preprocessor', 'mapping', key];
      const known = this.#part<Known | undefined>(
        at,
        () => this.#mapped(`${name}_${key}`, parseMappingEntry(text)),
        undefined,
      );
      if (known !== undefined) this.#known.set(`${name} preprocessor ${key}`, known);
    }
  }

  #mapped(name: string, entry: MappingEntry): Known {
    if (entry.kind === 'call') {
      const args = entry.args.map(({ text }) => text);
      return this.#generated(name, callCode(entry.call.name, args, this.conversion));
    }
    const [root, source, column, ...deeper] = entry.path.segments;
    const index = source?.index;
    if (root?.name === 'source' && source !== undefined && (index?.kind === 'next' || index?.kind === 'rand')) {
      if (deeper.length > 0 || column?.index !== undefined) throw new NotConverted(`${entry.path.text} leads too deep`);
      const { id, row } = this.sources.feeder(source.name, index.kind);
      const foreign = row.columns.find((each) => (this.#columns.get(each) ?? id) !== id);
      if (foreign !== undefined) throw new NotConverted(`two sources have a column ${foreign}: give one another name`);
      if (column !== undefined && !row.columns.includes(column.name)) {
        throw new NotConverted(`${source.name} has no column ${column.name}`);
      }
      for (const each of row.columns) this.#columns.set(each, id);
      this.#lines.push(`${this.conversion.use('feed')}(${id}),`);
      return column === undefined ? row : variable(column.name);
    }
    if (entry.path.segments.some((segment) => segment.index !== undefined)) {
      throw new NotConverted(`${entry.path.text} has an index other than [next] and [rand]`);
    }
    return this.#resolve(entry.path.segments.map((segment) => segment.name));
  }
}

/** Lines of operators as pipes of at most 20. */
function piped(flow: string, lines: readonly string[]): readonly string[] {
  const pipes: string[][] = [[]];
  let operators = 0;
  for (const line of lines) {
    const begins = /^[a-z]/i.test(line);
    if (begins && operators > 0 && operators % MAX_OPERATORS === 0) pipes.push([]);
    if (begins) operators++;
    (pipes.at(-1) as string[]).push(line);
  }
  const [only = [], second] = pipes;
  if (second === undefined) return [`${flow}.pipe(`, ...only.map((line) => `  ${line}`), ')'];
  return [flow, ...pipes.flatMap((each) => ['  .pipe(', ...each.map((line) => `    ${line}`), '  )'])];
}

/** A scenario as a declaration in code. */
export function scenarioCode(
  { name, runs, minWaitingTimeMs }: FileScenario<HttpRequestStep>,
  id: string,
  sources: SourceCode,
  conversion: Conversion,
): readonly string[] {
  const steps = new ScenarioCode(sources, conversion).steps(runs);
  const head = `export const ${id} = scenario(${literal(name.replaceAll(/[/|]/g, '_'))}, (flow) =>`;
  if (minWaitingTimeMs === 0) {
    const lines = piped('flow', steps).map((line) => `  ${line}`);
    return [head, ...lines.slice(0, -1), `${lines.at(-1)},`, ');'];
  }
  const [parallel, pause] = [conversion.use('parallel'), conversion.use('pause')];
  const inside = piped('part', steps);
  const [first, ...others] = inside;
  return [
    head,
    '  flow.pipe(',
    `    // It takes at least ${minWaitingTimeMs} ms.`,
    `    ${parallel}(`,
    `      (part) => ${first}`,
    ...others.slice(0, -1).map((line) => `      ${line}`),
    `      ${others.at(-1)},`,
    `      ${pause}(${minWaitingTimeMs}),`,
    '    ),',
    '  ),',
    ');',
  ];
}
