import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { startTarget, type Target } from '../../lib/target/target.js';
import { PackedProject } from './packedProject.js';

/** An operator that prints which classes it gets, and returns its own Observable to the engine. */
const OPERATOR = `
const see = (source) => ({
  'what Elpis gives is an Observable': source instanceof Observable,
  'what an operator of RxJS makes of it too': source.pipe(map((tick) => tick)) instanceof Observable,
  'operators of Elpis know what the engine gives': typeof source.pipe(mapPulled((tick) => tick)).open === 'function',
  'schedules made here are Observables': constant({ ops: 1, duration: '1s' }) instanceof Observable,
  'clocks are schedulers of RxJS': new VirtualClock().schedule(() => undefined) instanceof Subscription,
  'marbles are drawn by this RxJS': new TestScheduler(() => true).createColdObservable('-|') instanceof Observable,
  'scenarios have their steps': typeof get === 'function',
});
const facts = defineOperator('ticks', {
  name: 'facts',
  summary: 'Prints what it sees.',
  options: struct('facts', {}),
  create: () => (source) => {
    console.error('facts ' + JSON.stringify(see(source)));
    return new Observable((subscriber) => source.subscribe(subscriber));
  },
});
`;

const IMPORTS: readonly [specifier: string, names: string][] = [
  ['elpis', 'constant, defineOperator, struct'],
  ['elpis/operators', 'mapPulled'],
  ['elpis/scenario', 'get'],
  ['elpis/testing', 'VirtualClock'],
  ['rxjs', 'Observable, Subscription'],
  ['rxjs/operators', 'map'],
  ['rxjs/testing', 'TestScheduler'],
];
const imported = IMPORTS.map(([from, names]) => `import { ${names} } from '${from}';`).join('\n');
const required = IMPORTS.map(([from, names]) => `const { ${names} } = require('${from}');`).join('\n');

/** The origins of a user's module. */
const MODULES: readonly [what: string, use: string, file: string, text: string][] = [
  ['in TypeScript', './facts.ts', 'facts.ts', `${imported}\n${OPERATOR}export default facts satisfies object;`],
  ['an ES module', './facts.mjs', 'facts.mjs', `${imported}\n${OPERATOR}export default facts;`],
  ['a CommonJS module', './facts.cjs', 'facts.cjs', `${required}\n${OPERATOR}module.exports = { facts };`],
  ['a package', 'facts', 'node_modules/facts/index.js', `${imported}\n${OPERATOR}export default facts;`],
];

describe('modules of users, beside a package that was installed', () => {
  let project: PackedProject;
  let target: Target;
  before(async () => {
    target = await startTarget();
    project = new PackedProject();
    project.write('node_modules/facts/package.json', '{ "name": "facts", "type": "module", "exports": "./index.js" }');
    for (const [, , file, text] of MODULES) project.write(file, text);
  });
  after(async () => {
    project.remove();
    await target.close();
  });

  const config = (use: string): string => `
pools:
  - id: a
    gun: { type: http, target: "127.0.0.1:${target.port}" }
    ammo: { type: uri, uris: [/] }
    result: { type: discard }
    rps: { type: once, times: 8 }
    startup: { type: once, times: 2 }
    operators: { ticks: [{ use: ${use} }] }
`;

  function check(stderr: string, times: number): void {
    const seen = [...stderr.matchAll(/^facts (.*)$/gm)].map(([, json]) => JSON.parse(json as string) as object);
    assert.equal(seen.length >= times, true, stderr);
    for (const facts of seen) for (const [fact, holds] of Object.entries(facts)) assert.equal(holds, true, fact);
  }

  for (const [what, use] of MODULES)
    it(`${what}: the command and the module share one Elpis and one RxJS`, async () => {
      project.write('load.yaml', config(use));
      const { code, stderr } = await project.elpis('run', '-q', '--summary-json', 'summary.json', 'load.yaml');
      assert.equal(code, 0, stderr);
      check(stderr, 1);
      const { pools } = JSON.parse(readFileSync(project.path('summary.json'), 'utf8'));
      assert.equal(pools[0].total.shots, 8, 'the Observable of the module drives the run');
    });

  it('in several threads, each of them has one', async () => {
    project.write('load.yaml', config('./facts.ts'));
    const { code, stderr } = await project.elpis('run', '-q', '--threads', '2', 'load.yaml');
    assert.equal(code, 0, stderr);
    check(stderr, 2);
  });

  it('a program has the RxJS of its project, and so have the modules that it loads', async () => {
    project.write('load.yaml', config('./facts.ts'));
    project.write(
      'program.js',
      `import { constant, run } from 'elpis';
       import { lastValueFrom, Observable } from 'rxjs';
       console.error('facts ' + JSON.stringify({ made: constant({ ops: 1, duration: '1s' }) instanceof Observable }));
       const events = run('./load.yaml');
       console.error('facts ' + JSON.stringify({ run: events instanceof Observable }));
       console.log((await lastValueFrom(events)).summaries[0].total.ended);`,
    );
    const { code, stdout, stderr } = await project.node('program.js');
    assert.equal(code, 0, stderr);
    check(stderr, 3);
    assert.equal(stdout, '8\n');
  });

  it('a schedule of a config in code is a schedule for the command: its plan is known', async () => {
    project.write(
      'load.ts',
      `import { constant, defineConfig, discard, http, once, pool, uri } from 'elpis';
       import { clip } from 'elpis/operators';
       export default defineConfig({
         pools: [
           pool({
             gun: http({ target: '127.0.0.1:1' }),
             ammo: uri({ uris: ['/'] }),
             result: discard(),
             rps: constant({ ops: 50, duration: '2s' }).pipe(clip(0, 600)),
             startup: once({ times: 1 }),
           }),
         ],
       });`,
    );
    const { code, stdout, stderr } = await project.elpis('plan', 'load.ts', '--json');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /\b30\b/);
  });

  it('an ElpisError of a module is an ElpisError for the command: its hint is printed', async () => {
    project.write(
      'failing.ts',
      `import { ElpisError } from 'elpis';
       export function register(): void {
         throw new ElpisError('ELPIS_PLUGIN', 'there is no licence', { hint: 'buy one' });
       }`,
    );
    project.write('load.yaml', `plugins: [./failing.ts]\n${config('./facts.ts')}`);
    const { code, stderr } = await project.elpis('check', 'load.yaml');
    assert.equal(code, 2);
    assert.match(stderr, /there is no licence \(buy one\)/);
  });
});
