// npm run mutants [-- part of a path ...]: changes the sources in small ways, one at a time, and counts how many changes the specs
// notice. See CONTRIBUTING.md.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Built, buildSpecs } from './build.js';
import { Cache, hashOf } from './cache.js';
import { workFor } from './coverage.js';
import { type Mutant, mutantsOf } from './mutantsOf.js';
import type { SpecRecord, TestsOfSpec } from './protocol.js';
import { type Equivalent, isSame, type Result, reportOf, scoreOf } from './report.js';
import { tryMutant, type Verdict } from './tryMutant.js';
import { WorkerProcess } from './workerProcess.js';

const ROOT = process.cwd();
const HERE = dirname(fileURLToPath(import.meta.url));
const WORK = join(ROOT, '.mutants');

/** The part of the sources where a wrong line causes wrong measurements. */
const SOURCES = ['operators', 'lib/pull', 'lib/plans', 'lib/measure', 'lib/time', 'lib/engine'];

/** Percent of the mutants that the specs must notice. */
const FLOOR = 85;

/** Specs that are not used: they wait for sockets, files or processes, load the package as a user does, or compute for half a minute. */
const NOT_USED =
  /^spec\/lib\/((capacity|cli|compare|config|data|guns|mesh|observers|page|preflight|protobuf|report|run|shares|target|wire)\/|scenario\/files\/convert-)/;

const { values: options, positionals: parts } = parseArgs({
  options: { fresh: { type: 'boolean', default: false }, killed: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const filesUnder = (folder: string): string[] =>
  existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
        .filter((file) => file.endsWith('.ts'))
        .sort()
    : [];

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Runs a job for each item, as many at a time as there are processors, each with a worker process of its own. */
async function withWorkers<T>(
  program: string,
  items: readonly T[],
  job: (worker: WorkerProcess, item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    const worker = new WorkerProcess(program);
    try {
      for (const item of queue) await job(worker, item);
    } finally {
      worker.close();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
}

/** Runs each spec file once without a mutant, in a process of its own. */
async function recordSpecs(built: Built, keyOf: (spec: string) => string): Promise<SpecRecord[]> {
  const cache = new Cache<SpecRecord>(join(WORK, 'specs.json'), options.fresh);
  const records = new Map<string, SpecRecord>();
  await withWorkers(built.worker, [...built.specs], async (worker, [spec, program]) => {
    const key = keyOf(spec);
    let record = cache.get(key);
    if (record === undefined) {
      worker.close();
      const reply = await worker.ask({ type: 'record', spec: program }, 300_000);
      if (typeof reply === 'string' || reply.type !== 'record') throw new Error(`${spec}: ${String(reply)}`);
      record = { ...reply.record, spec };
      if (record.failure === undefined && !record.tests.some(({ failure }) => failure !== undefined))
        cache.set(key, record);
    }
    records.set(spec, record);
  });
  cache.save(false);
  return [...built.specs.keys()].map((spec) => records.get(spec) as SpecRecord);
}

/** Tests that pass as files but not in the build are left out: a few look at the place of their source. More than these are a defect. */
const MOST_LEFT_OUT = 0.01;

/** Reports tests that fail without a mutant, and ends the run if there are more than a few. */
function tellFailures(found: readonly SpecRecord[]): void {
  const broken = found.flatMap(({ spec, failure }) => (failure === undefined ? [] : [`${spec}: ${failure}`]));
  const failing = found.flatMap(({ spec, tests }) =>
    tests.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${spec}: ${name}: ${failure}`])),
  );
  const all = found.reduce((sum, { tests }) => sum + tests.length, 0);
  if (broken.length > 0 || failing.length > MOST_LEFT_OUT * all) {
    console.error(`These specs fail without a mutant:\n${[...broken, ...failing].join('\n')}`);
    process.exit(2);
  }
  for (const each of failing) say(`left out, it fails in the build: ${each.split('\n')[0]}`);
}

const started = performance.now();
const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(0)} s`;
const say = (text: string): void => console.log(text);

const instrumented = new Map<string, string>();
const mutants: Mutant[] = [];
for (const file of SOURCES.flatMap(filesUnder)) {
  const found = mutantsOf(file, textOf(file), mutants.length);
  instrumented.set(file, found.text);
  mutants.push(...found.mutants);
}
const specs = [...filesUnder('spec/operators'), ...filesUnder('spec/lib')].filter(
  (file) => file.endsWith('-spec.ts') && !NOT_USED.test(file),
);
const wanted = mutants.filter(({ file }) => parts.length === 0 || parts.some((part) => file.includes(part)));
if (wanted.length === 0) {
  console.error(`no source of ${SOURCES.join(', ')} has ${parts.join(' or ')} in its path`);
  process.exit(2);
}

rmSync(join(WORK, 'build'), { recursive: true, force: true });
const built = await buildSpecs({ root: ROOT, specs, instrumented, outdir: join(WORK, 'build') });
const tool = hashOf(
  ['build', 'suite', 'worker', 'coverage', 'tryMutant', 'mutantsOf'].map((name) =>
    readFileSync(join(HERE, `${name}.ts`), 'utf8'),
  ),
);
const texts = hashOf(instrumented.values());
const inputsHash = new Map(specs.map((spec) => [spec, hashOf([...(built.inputs.get(spec) ?? [])].map(textOf))]));
const specHash = new Map(
  specs.map((spec) => [
    spec,
    hashOf([...(built.inputs.get(spec) ?? [])].filter((file) => file.startsWith('spec/')).map(textOf)),
  ]),
);
const records = await recordSpecs(built, (spec) => hashOf([tool, texts, spec, String(inputsHash.get(spec))]));
tellFailures(records);
say(
  `${wanted.length} mutants in ${new Set(wanted.map(({ file }) => file)).size} files, ${specs.length} spec files; recorded in ${seconds()}`,
);

const equivalents = JSON.parse(textOf('scripts/mutants/equivalent.json')) as Equivalent[];
const cache = new Cache<Verdict>(join(WORK, 'verdicts.json'), options.fresh);
const results = new Map<number, Result>();
let cached = 0;
const inBuild = (work: readonly TestsOfSpec[]): TestsOfSpec[] =>
  work.map(({ spec, tests }) => ({ spec: String(built.specs.get(spec)), tests }));

await withWorkers(built.worker, wanted, async (worker, mutant) => {
  const { id, file } = mutant;
  if (equivalents.some((each) => isSame(each, mutant))) {
    results.set(id, { mutant, verdict: 'equivalent' });
    return;
  }
  const work = workFor(id, file, records);
  const used = [...work.running, ...work.loading].map(({ spec }) => spec);
  const place = `${mutant.line}:${mutant.column} ${mutant.shown}`;
  const key = hashOf([tool, textOf(file), place, ...used.map((spec) => String(specHash.get(spec)))]);
  let verdict = cache.get(key);
  if (verdict === undefined) {
    verdict = await tryMutant(worker, id, { running: inBuild(work.running), loading: inBuild(work.loading) });
    cache.set(key, verdict);
    if (results.size % 50 === 0) cache.save(true);
  } else cached++;
  results.set(id, { mutant, ...verdict });
  if (results.size % 100 === 0) say(`${results.size} of ${wanted.length} tried in ${seconds()}`);
});
cache.save(parts.length > 0);

const all = wanted.map(({ id }) => results.get(id) as Result);
const stale = equivalents.filter((each) => !mutants.some((mutant) => isSame(each, mutant)));
say(reportOf(all, stale));
if (options.killed)
  for (const { mutant, by } of all)
    if (by !== undefined)
      say(`${mutant.file}:${mutant.line} ${mutant.shown} < ${by.replaceAll('\n', ' ').slice(0, 200)}`);
const { percent } = scoreOf(all);
const passed = percent >= FLOOR && stale.length === 0;
say(
  `${seconds()}, ${cached} of ${all.length} results from .mutants/; score ${percent.toFixed(1)} %, floor ${FLOOR} %: ${passed ? 'passed' : 'FAILED'}`,
);
process.exit(passed ? 0 : 1);
