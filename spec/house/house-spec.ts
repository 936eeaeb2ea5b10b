import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fileSizesOf, fileSizesText } from './fileSizes.js';
import { functionLengthsOf } from './functionLengths.js';
import { projectConfig } from './projectConfig.js';
import { usesOfGlobals } from './usesOfGlobals.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Source {
  readonly path: string;
  readonly lines: readonly string[];
}

const sources: readonly Source[] = ['lib', 'operators'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => {
      const path = join(folder, file).replaceAll('\\', '/');
      return { path, lines: readFileSync(join(ROOT, path), 'utf8').trimEnd().split('\n') };
    }),
);

/** Text that product code must not contain, and the excepted files. */
const FORBIDDEN: readonly [what: RegExp, why: string, except: RegExp][] = [
  [/\bas any\b|: any\b|@ts-ignore|@ts-expect-error/, 'the type checker is not to be silenced', /^$/],
  [/from '(\.\.?\/)+(lib\/)?index\.js'/, 'nothing inside imports a barrel', /^$/],
  [
    /^import (?!type ).* from 'node:https?'/,
    'import it where it is used: with Node 24 it loads all of undici at the start',
    /^lib\/target\/protocols\.ts$/,
  ],
  [
    /^(export )?(let|var) |^(export )?const \w+[^=]*= new (Weak)?(Map|Set)(<.*>)?\(\)|^\s+static (readonly )?#?\w+[^=(]*= (\[\]|new )/,
    'no module state: a second run in the process sees nothing of the first',
    // The hooks of Node's loader belong to the process.
    /^lib\/config\/modules\/nativeModules\.ts$/,
  ],
];

/** Which files use globals of the process, which ones, and why. All other code gets its clock, random numbers and streams as arguments. */
const MAY_USE: readonly [file: RegExp, what: RegExp, because: string][] = [
  [
    /^lib\/time\/realTime\.ts$/,
    /^(performance\.|setTimeout$|setImmediate$|process\.nextTick$)/,
    'the clock that all other code gets as an argument',
  ],
  [
    /^lib\/cli\/processEnd\.ts$/,
    /^(process\.exit|setTimeout)$/,
    'it ends the process, by a timer that does not keep it running',
  ],
  [/^lib\/cli\/watchdogThread\.ts$/, /^setTimeout$/, 'a thread beside the run, to which no clock is handed'],
  [/^lib\/cli\//, /^(process(?!\.exit$)|node:timers\/promises$)/, 'the command line is where the process is known'],
  [/^lib\/time\/gcPauses\.ts$/, /^node:perf_hooks$/, 'the only way to know the pauses of the garbage collector'],
  [/^lib\/plugin\/defaultDeps\.ts$/, /^process\.std/, 'the streams of a pipeline in code that is handed none'],
  [
    /^lib\/shares\/threads\/threadWorker\.ts$/,
    /^process(\.std|$)/,
    'the start of a thread, with streams and failures of its own',
  ],
  [/^lib\/(run\/run|shares\/loadOrigin)\.ts$/, /^process\.env$/, 'the variables of a config when none are handed in'],
  [
    /^lib\/run\/processReadings\.ts$/,
    /^(Date\.now|process\.(cpuUsage|memoryUsage)|node:perf_hooks)$/,
    'it measures the process and the clock of the machine for the verdict',
  ],
  [
    /^lib\/observers\/screen\/showScreen\.ts$/,
    /^process$|^process\.(kill|pid|on|off)$/,
    'the terminal is restored when the process ends or is suspended',
  ],
  [/^lib\/observers\/expvar\.ts$/, /^process\.memoryUsage$/, 'the page shows the process, as in Go'],
  [
    /\/(readTimes|dateHeader|answlog|cookies|createLog|subjects|commands\/mesh)\.ts$/,
    /^new Date$/,
    'a Date of a given time',
  ],
  [
    /^lib\/shares\/processes\/shareProcess\.ts$/,
    /^process(\.|$)/,
    'the start of a process, with streams, signals and an end of its own',
  ],
  [/^lib\/time\/deadline\.ts$/, /^globalThis$/, 'where the script that can be stopped finds what it calls'],
  [/^lib\/config\/runFacts\.ts$/, /^process\.(versions|platform|arch)$/, 'what a run states about its machine'],
  [
    /^lib\/page\/client\//,
    /^(setTimeout|requestAnimationFrame)$/,
    'it runs in a browser, where the page is the program',
  ],
  [/\/socketConnector\.ts$/, /^process\.platform$/, 'Windows reads sockets in another way'],
];

/** Unit specs that use a timer, with the reason. No other waits for time to pass. */
const TIMERS: ReadonlyMap<string, string> = new Map([
  ['spec/lib/time/realTimeWaits-spec.ts', 'it replaces the timers of Node'],
  ['spec/lib/guns/grpc/echoServer.ts', 'a response that no test awaits'],
]);

/** Private files under 60 lines with one importer that stay separate files, with the reason. */
const ALONE: ReadonlyMap<string, string> = new Map([
  ['lib/builtins/scenarioGun.ts', 'a component; its importer is the table of all components'],
  ['lib/cli/processEnd.ts', 'its importer is the entry of the command, which runs when it is imported'],
  ['lib/cli/sourceStack.ts', 'its importer is the entry of the command, which runs when it is imported'],
  ['lib/config/modules/nativeModules.ts', 'the hooks of the loader of Node, which depend on its version'],
]);

/** The most lines of a function. Markup of the page is a tree, which is longer and has no steps. */
const longestOf = (path: string): number => (path.endsWith('.tsx') ? 100 : 50);

/** Functions that are longer, with the reason. */
const LONG: ReadonlyMap<string, string> = new Map([]);

describe('the rules of the house', () => {
  for (const [what, why, except] of FORBIDDEN) {
    it(`${what.source}: ${why}`, () => {
      const found = sources.flatMap(({ path, lines }) =>
        except.test(path)
          ? []
          : lines.flatMap((line, i) =>
              !/^\s*(\*|\/\/|\/\*)/.test(line) && what.test(line) ? [`${path}:${i + 1}`] : [],
            ),
      );
      assert.deepEqual(found, []);
    });
  }

  it('time, random numbers, streams and the process are arguments, except in a few files with a reason', () => {
    const used = new Set<RegExp>();
    const found = sources
      .filter(({ path }) => path.endsWith('.ts'))
      .flatMap(({ path, lines }) =>
        usesOfGlobals(lines.join('\n')).flatMap(({ line, what }) => {
          const reason = MAY_USE.find(([file, allowed]) => file.test(path) && allowed.test(what));
          if (reason !== undefined) used.add(reason[0]);
          return reason === undefined ? [`${path}:${line} ${what}`] : [];
        }),
      );
    assert.deepEqual(found, []);
    const unused = MAY_USE.filter(([file]) => !used.has(file));
    assert.deepEqual(unused, [], 'each exception is needed');
  });

  it('no unit spec waits for time to pass: it passes a clock, or counts turns of the event loop', () => {
    const waits = readdirSync(join(ROOT, 'spec'), { recursive: true, encoding: 'utf8' })
      .map((file) => `spec/${file.replaceAll('\\', '/')}`)
      .filter((file) => file.endsWith('.ts') && !/^spec\/(acceptance|scripts)\//.test(file))
      .filter((file) => {
        const text = readFileSync(join(ROOT, file), 'utf8');
        return usesOfGlobals(text).some(({ what }) => /^(setTimeout|setInterval|node:timers)/.test(what));
      });
    assert.deepEqual(waits.sort(), [...TIMERS.keys()].sort());
  });

  it('docs/ARCHITECTURE.md places each folder in a layer, and names only files and folders that exist', () => {
    const page = readFileSync(join(ROOT, 'docs/ARCHITECTURE.md'), 'utf8');
    const folders = readdirSync(join(ROOT, 'lib'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const cells = page.match(/(?<=^\| [\d-] \| )[^|]*/gm) ?? [];
    const placed = cells.flatMap((cell) => cell.match(/`lib\/[a-z-]+`/g) ?? []);
    assert.deepEqual(placed.sort(), folders.map(({ name }) => `\`lib/${name}\``).sort());
    const named = page.match(/(?<=`)(?:lib|operators)\/[\w./-]*(?=`)/g) ?? [];
    assert.deepEqual(
      named.filter((path) => !existsSync(join(ROOT, path))),
      [],
    );
  });

  it('the sizes of the files: a median of 50 to 90 lines, few files below 16, none over 300, and no small file with a single importer', () => {
    const sizes = fileSizesOf(sources.map(({ path, lines }) => ({ path, text: lines.join('\n') })));
    const text = fileSizesText(sizes);
    assert.ok(sizes.median >= 50 && sizes.median <= 90, text);
    assert.ok(sizes.tinyShare < 0.1, text);
    assert.deepEqual(sizes.over, [], text);
    const singleUse = sizes.singleUse.map(({ path }) => path);
    assert.deepEqual(
      singleUse.filter((path) => !ALONE.has(path)),
      [],
      text,
    );
    assert.deepEqual(
      [...ALONE.keys()].filter((path) => !singleUse.includes(path)),
      [],
      'each exception is needed',
    );
  });

  it('a function has at most 50 lines, and one of markup at most 100, except for a few with a reason', () => {
    const long = sources.flatMap(({ path, lines }) =>
      functionLengthsOf(path, lines.join('\n'))
        .filter((found) => found.lines > longestOf(path))
        .map((found) => ({
          key: `${path} ${found.name}`,
          text: `${path}:${found.line} ${found.name}: ${found.lines} lines`,
        })),
    );
    assert.deepEqual(
      long.filter(({ key }) => !LONG.has(key)).map(({ text }) => text),
      [],
    );
    const unused = [...LONG.keys()].filter((key) => !long.some((found) => found.key === key));
    assert.deepEqual(unused, [], 'each exception is needed');
  });

  it('every public symbol of core is documented', () => {
    const bare = sources
      .filter(({ path }) => path.startsWith('lib/core/'))
      .flatMap(({ path, lines }) =>
        lines.flatMap((line, i) =>
          /^export (interface|type|const|class|function)/.test(line) && !/\*\/$/.test(lines[i - 1] ?? '')
            ? [`${path}:${i + 1}`]
            : [],
        ),
      );
    assert.deepEqual(bare, []);
  });

  it('no drawing of a docstring is wrapped into one line: the text of a fence begins on a line of its own', () => {
    const found = sources.flatMap(({ path, lines }) =>
      lines.flatMap((line, i) => (/^\s*\* ```\w* +(?!continues$)\S/.test(line) ? [`${path}:${i + 1}`] : [])),
    );
    assert.deepEqual(found, []);
  });

  it('every type test is compiled by the check of the types', () => {
    const tests = readdirSync(join(ROOT, 'spec/types')).map((file) => join(ROOT, 'spec/types', file));
    const compiled = new Set(projectConfig(ROOT).fileNames);
    assert.ok(tests.length > 0);
    assert.deepEqual(
      tests.filter((file) => !compiled.has(file)),
      [],
    );
  });
});
