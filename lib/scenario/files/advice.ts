import { unlikely } from '../../codec/advice.js';
import { closest } from '../../codec/closest.js';
import type { CodecIssue } from '../../codec/issue.js';
import { contextOf, type Path } from '../../codec/report/path.js';
import type { GrpcCallStep, HttpRequestStep, ScenarioFile, Texts } from './model.js';

/** A text of a step in which variables are used, with the way to it. */
interface Expression {
  readonly path: Path;
  readonly text: string;
}

/** A name that a step gives to a value, with the way to it. */
interface Definition {
  readonly path: Path;
  readonly name: string;
}

/** A warning: what is accepted and probably not meant. */
function warning(path: Path, value: unknown, expected: string, message: string, hint?: string): CodecIssue {
  const issue = unlikely(value, contextOf(path, value), expected, message);
  return hint === undefined ? issue : { ...issue, hint };
}

const entriesOf = (texts: Texts, path: Path): readonly Expression[] =>
  Object.entries(texts).map(([key, text]) => ({ path: [...path, key], text }));

const isHttp = (step: HttpRequestStep | GrpcCallStep): step is HttpRequestStep => 'uri' in step;

/** The mappings before a step, each with its way. */
function mappingsOf(step: HttpRequestStep | GrpcCallStep): readonly (readonly [Texts, Path])[] {
  if (!isHttp(step)) return step.preprocessors.map(({ mapping, path }) => [mapping, [...path, 'mapping']]);
  return step.preprocessor === undefined ? [] : [[step.preprocessor, [...step.path, 'preprocessor', 'mapping']]];
}

/** All texts of a step that may use variables: its templates and its mappings. */
function expressionsOf(step: HttpRequestStep | GrpcCallStep): readonly Expression[] {
  const { path } = step;
  const mapped = mappingsOf(step).flatMap(([mapping, at]) => entriesOf(mapping, at));
  if (!isHttp(step)) {
    return [
      ...mapped,
      { path: [...path, 'payload'], text: step.payload },
      ...entriesOf(step.metadata, [...path, 'metadata']),
    ];
  }
  const body = step.body === undefined ? [] : [{ path: [...path, 'body'], text: step.body }];
  return [
    ...mapped,
    { path: [...path, 'uri'], text: step.uri },
    ...entriesOf(step.headers, [...path, 'headers']),
    ...body,
  ];
}

const definitionsOf = (texts: Texts, path: Path): readonly Definition[] =>
  Object.keys(texts).map((name) => ({ path: [...path, name], name }));

/** The variables that a step sets from its response. A response over gRPC sets any. */
function extracted(step: HttpRequestStep | GrpcCallStep): readonly Definition[] {
  if (!isHttp(step)) return [];
  return step.postprocessors.flatMap((each) =>
    each.type === 'assert/response' ? [] : definitionsOf(each.mapping, [...each.path, 'mapping']),
  );
}

const prepared = (step: HttpRequestStep | GrpcCallStep): readonly Definition[] =>
  mappingsOf(step).flatMap(([mapping, path]) => definitionsOf(mapping, path));

/** The most names without a definition that are reported: each takes a search for the nearest one. */
const MAX_UNDEFINED = 50;

const USE = /(?:^|[^\w$])(source|request)\.([\w-]+)(?:\[[^\]]*\])?(?:\.(preprocessor|postprocessor)\.([\w-]+))?/g;

/** The names that are used and that nothing in the file has. */
function undefinedNames(
  { protocol, steps, variableSources }: ScenarioFile,
  all: readonly Expression[],
): readonly CodecIssue[] {
  const sources = variableSources.map(({ name }) => name);
  const byName = new Map(steps.map((step) => [step.name, step as HttpRequestStep | GrpcCallStep]));
  const near = (name: string, known: Iterable<string>): string | undefined => {
    const found = closest(name, [...known]);
    return found === undefined ? undefined : `did you mean ${found}?`;
  };
  const lacks = (
    { path, text }: Expression,
    [, root, name = '', part, key]: RegExpMatchArray,
  ): CodecIssue | undefined => {
    // A mapping fails without its value; an argument of a function is then a text, and a template prints nothing.
    const effect = path.includes('mapping') && !text.includes('(') ? 'this step fails in every run' : 'it has no value';
    const says = (what: string, known: Iterable<string>): CodecIssue =>
      warning(path, text, 'names that are defined', `${what}, so ${effect}`, near(key ?? name, known));
    if (root === 'source')
      return sources.includes(name) ? undefined : says(`there is no variable source ${name}`, sources);
    const step = byName.get(name);
    if (step === undefined) return says(`there is no step ${name}`, byName.keys());
    // A message over gRPC sets any variables.
    if (part === undefined || key === undefined || (part === 'postprocessor' && protocol === 'grpc')) return undefined;
    const known = (part === 'preprocessor' ? prepared(step) : extracted(step)).map((each) => each.name);
    return known.includes(key) ? undefined : says(`the ${part} of ${name} sets no ${key}`, known);
  };
  const found: CodecIssue[] = [];
  for (const expression of all) {
    for (const use of expression.text.matchAll(USE)) {
      const issue = lacks(expression, use);
      if (issue !== undefined) found.push(issue);
      // The first ones say what is wrong.
      if (found.length === MAX_UNDEFINED) return found;
    }
  }
  return found;
}

/** True for a name that stands in a text as a word. */
function usedIn(texts: readonly string[]): (name: string) => boolean {
  const words = new Set(texts.flatMap((text) => text.match(/[\w-]+/g) ?? []));
  // Other names are searched for as they are.
  return (name) => words.has(name) || (!/^[\w-]+$/.test(name) && texts.some((text) => text.includes(name)));
}

function unused(
  { steps, scenarios, variableSources }: ScenarioFile,
  all: readonly Expression[],
): readonly CodecIssue[] {
  const isUsed = usedIn(all.map(({ text }) => text));
  const played = new Set<object>(scenarios.flatMap(({ runs }) => runs.map(({ step }) => step)));
  const any: readonly (HttpRequestStep | GrpcCallStep)[] = steps;
  return [
    ...variableSources.flatMap(({ path, name }) =>
      isUsed(name)
        ? []
        : [warning([...path, 'name'], name, 'a source that is used', `nothing uses the variable source ${name}`)],
    ),
    ...any.flatMap((step) => {
      const { path, name } = step;
      if (played.has(step)) return [];
      return [warning([...path, 'name'], name, 'a step that is played', `no scenario plays ${name}`)];
    }),
    ...any
      .flatMap((step) => [...prepared(step), ...extracted(step)])
      .flatMap(({ path, name }) =>
        isUsed(name) ? [] : [warning(path, name, 'a variable that is used', `nothing uses the variable ${name}`)],
      ),
  ];
}

/** More requests in one scenario are probably not meant. */
const MAX_USUAL_REQUESTS = 1_000_000;

function aboutScenarios({ scenarios }: ScenarioFile): readonly CodecIssue[] {
  const seen = new Set<string>();
  return scenarios.flatMap(({ path, name, weight, runs }) => {
    const requests = runs.reduce((sum, { count }) => sum + count, 0);
    const own: CodecIssue[] = [];
    if (seen.has(name)) {
      const message = `another scenario is named ${name}; as in Pandora, all of them have the weight of the last one`;
      own.push({ ...warning([...path, 'name'], name, 'a name of its own', message), code: 'duplicate-id' });
    }
    seen.add(name);
    if (weight < 0) own.push(warning([...path, 'weight'], weight, 'a weight above 0', `${name} is never played`));
    if (requests === 0)
      own.push(warning([...path, 'requests'], undefined, 'at least one request', `${name} has no requests`));
    if (requests > MAX_USUAL_REQUESTS)
      own.push(warning([...path, 'requests'], undefined, 'fewer requests', `${name} has ${requests} requests`));
    return own;
  });
}

/** The most warnings about one file. */
const MAX_WARNINGS = 100;

/**
 * What is accepted in a scenario file and probably not meant: names that nothing defines, what nothing uses, names that are used twice.
 *
 * @param written The steps of the file with those that a later one of the same name replaces.
 */
export function adviceAbout(file: ScenarioFile, written: readonly { readonly name: string }[]): readonly CodecIssue[] {
  const steps: readonly (HttpRequestStep | GrpcCallStep)[] = file.steps;
  const key = file.protocol === 'http' ? 'requests' : 'calls';
  const last = new Map(written.map(({ name }, i) => [name, i]));
  const replaced = written.flatMap(({ name }, i): readonly CodecIssue[] => {
    if (last.get(name) === i) return [];
    const message = `a later one is named ${name} too; only the last one is played, as in Pandora`;
    return [{ ...warning([key, i, 'name'], name, 'a name of its own', message), code: 'duplicate-id' }];
  });
  const expressions = steps.flatMap(expressionsOf);
  const all = [
    ...undefinedNames(file, expressions),
    ...unused(file, expressions),
    ...aboutScenarios(file),
    ...replaced,
  ];
  return all.slice(0, MAX_WARNINGS);
}
