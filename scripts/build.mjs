// npm run build: the declarations by tsc, the JavaScript by rolldown, into dist/.
//
// The client of the page (lib/page/client) becomes one script and one stylesheet in dist/page. Besides it there are two bundles, each with
// chunks of its own, so that every class exists once in a process:
// - The library: the entries of package.json. RxJS stays outside, so that a user's process has one RxJS.
// - The command line: with RxJS and all else inside, for a quick start, and with the entries of the library as chunks. What
//   users' modules import from `elpis` and `rxjs` is given to them from these chunks (lib/config/modules).
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { entries } from './barrels.mjs';

const DIST = 'dist';
const BIN = 'lib/cli/bin.ts';
/**
 * Pure computation that is needed at once, and of which most can be left out; and the client of NATS, which is loaded only
 * by runs on several machines. All other packages stay outside of the library.
 */
const INSIDE_THE_LIBRARY = [
  ...['fp-ts', 'io-ts', 'ix', 'picocolors', 'tslib'],
  ...['@nats-io/jetstream', '@nats-io/nats-core', '@nats-io/nkeys', '@nats-io/nuid', '@nats-io/obj'],
  ...['@nats-io/transport-node', 'js-sha256', 'tweetnacl'],
];
/** It looks for its compiler beside its own file. */
const OUTSIDE_THE_COMMAND = ['jiti'];
/** What the command shares with users' modules, under these names in `shared` (lib/config/modules). */
const SHARED = ['rxjs', 'rxjs/ajax', 'rxjs/fetch', 'rxjs/operators', 'rxjs/testing', 'rxjs/webSocket'];
/** What a run imports before its first shot. It is one chunk: Node takes half a millisecond for each module that it loads. */
const FOR_A_RUN = [
  ...['lib/cli/ownStreams.ts', 'lib/cli/parser.ts', 'lib/cli/terminal.ts', 'lib/cli/watchdog.ts'],
  ...['lib/cli/commands/run.ts', 'lib/config/read/json.ts', 'lib/codec/text/yaml.ts', 'lib/plugin/userPlace.ts'],
];
/** The part of it that every command imports, `--version` too. */
const FOR_ALL = ['lib/cli/main.ts', 'lib/cli/ownStreams.ts'];

/** Takes the builds of packages of which unused parts can be left out. */
const slender = {
  name: 'slender',
  resolveId: {
    filter: { id: /^fp-ts\/lib\/\w+\.js$/ },
    handler(id, importer) {
      return this.resolve(id.replace(/^fp-ts\/lib\/(\w+)\.js$/, 'fp-ts/es6/$1'), importer);
    },
  },
};

/** Leaves packages outside, and what Node has. */
const outside = (isOutside) => (id, importer) => {
  if (id.startsWith('node:') || builtinModules.includes(id)) return true;
  return importer !== undefined && /^[^./]/.test(id) && isOutside(/^(?:@[^/]+\/)?[^/]+/.exec(id)[0]);
};

/** The scripts that sources start as threads, `new URL('./name.js', import.meta.url)`: they lie beside the chunk that starts them. */
function threads() {
  const sources = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const started = sources.flatMap((file) =>
    [...readFileSync(join('lib', file), 'utf8').matchAll(/new URL\('\.\/([\w-]+)\.js', import\.meta\.url\)/g)].map(
      ([, name]) => [`chunks/${name}`, join('lib', dirname(file), `${name}.ts`)],
    ),
  );
  return Object.fromEntries(started);
}

/** What both bundles are read with. */
const reading = (isOutside, more = []) => ({
  ...{ platform: 'neutral', resolve: { mainFields: ['module', 'main'], conditionNames: ['es2015', 'import'] } },
  ...{ external: outside(isOutside), plugins: [slender, ...more], tsconfig: false, logLevel: 'warn' },
  // A module that one place imports at once and another one later is in the chunk of the first.
  ...{ transform: { target: 'node20.19' }, checks: { ineffectiveDynamicImport: false } },
});

/** The modules of which the files import something, without what they import later. */
async function importedBy(files, isOutside) {
  const later = { name: 'later', resolveDynamicImport: (id) => ({ id: String(id), external: true }) };
  const program = await rolldown({ input: files, ...reading(isOutside, [later]) });
  const { output } = await program.generate();
  await program.close();
  return new Set(output.flatMap(({ moduleIds }) => moduleIds));
}

/** Packages in CommonJS ask for what Node has by require, through the chunk of the bundler. */
const banner = ({ name }) =>
  name === 'rolldown-runtime'
    ? "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);"
    : '';

async function bundle({ input, dir, isOutside, groups = [] }) {
  // Strict: what an entry shares with other chunks is not put into it, where importing it would run the entry, such as a thread.
  const program = await rolldown({ input, preserveEntrySignatures: 'strict', ...reading(isOutside) });
  const { output } = await program.write({
    ...{ dir, format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', banner },
    ...{ sourcemap: true, sourcemapExcludeSources: true, codeSplitting: { groups } },
  });
  await program.close();
  for (const { fileName, code = '', imports = [], dynamicImports = [] } of output) {
    for (const [, path] of code.matchAll(/new URL\(["'`](\.[^"'`]+\.js)["'`], import\.meta\.url\)/g))
      if (!existsSync(join(dir, dirname(fileName), path)))
        throw new Error(`${fileName} starts ${path}, which is not there: load its source by import()`);
    for (const path of [...imports, ...dynamicImports])
      if (/^chunks\//.test(path) && !existsSync(join(dir, path))) throw new Error(`${fileName} imports ${path}`);
  }
  return output.flatMap(({ moduleIds = [] }) => moduleIds);
}

/** A stylesheet with the ones that it imports. */
const withImports = (file) =>
  readFileSync(file, 'utf8').replaceAll(/^@import "(.+)";$/gm, (_, name) => withImports(join(dirname(file), name)));

/** What the page may have, before its data. */
const MAX_PAGE_BYTES = 200_000;

/**
 * The client of the page, as one script and one stylesheet in dist/page. Both stand inside of HTML, so they must not contain the end of
 * their own element.
 */
async function page() {
  const program = await rolldown({
    ...{ input: 'lib/page/client/main.tsx', platform: 'browser', tsconfig: false, logLevel: 'warn' },
    resolve: { mainFields: ['module', 'main'], conditionNames: ['es2015', 'import'] },
    plugins: [slender],
    transform: { target: 'es2022', jsx: { runtime: 'automatic', importSource: 'preact' } },
  });
  const { output } = await program.generate({ format: 'iife', minify: true, sourcemap: false });
  await program.close();
  const [{ code, moduleIds = [] }, ...more] = output;
  if (more.length > 0) throw new Error('the client of the page is not one file');
  const [script, style] = [
    code.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--'),
    ['node_modules/uplot/dist/uPlot.min.css', 'lib/page/client/page.css']
      .map(withImports)
      .join('\n')
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .replaceAll(/\s*\n\s*/g, '\n'),
  ];
  const bytes = Buffer.byteLength(script) + Buffer.byteLength(style);
  if (bytes > MAX_PAGE_BYTES) throw new Error(`the page has ${bytes} bytes, expected at most ${MAX_PAGE_BYTES}`);
  if (/<\/style/i.test(style)) throw new Error('the stylesheet of the page ends its element');
  mkdirSync(join(DIST, 'page'), { recursive: true });
  writeFileSync(join(DIST, 'page/page.js'), script);
  writeFileSync(join(DIST, 'page/page.css'), style);
  return [...moduleIds, join(process.cwd(), 'node_modules/uplot/dist/uPlot.min.css')];
}

/** The licences of the packages inside the bundles. */
function licences(inputs) {
  const folders = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? []);
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each));
    const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), 'utf8').trim();
    return `${name} ${version}\n\n${text}\n`;
  });
}

rmSync(DIST, { recursive: true, force: true });
const tsc = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

const library = await bundle({
  input: { ...Object.fromEntries(entries.map(({ file }) => [file.replace(/\.ts$/, ''), file])), ...threads() },
  dir: DIST,
  isOutside: (name) => !INSIDE_THE_LIBRARY.includes(name),
});

const outsideTheCommand = (name) => OUTSIDE_THE_COMMAND.includes(name);
const [forAll, forARun] = await Promise.all([FOR_ALL, FOR_A_RUN].map((files) => importedBy(files, outsideTheCommand)));
const shared = [...entries.map(({ specifier, file }) => [specifier, file]), ...SHARED.map((name) => [name, name])];
const command = await bundle({
  input: {
    [basename(BIN, '.ts')]: BIN,
    ...Object.fromEntries(shared.map(([specifier, file]) => [`shared/${specifier.replaceAll('/', '-')}`, file])),
    ...threads(),
  },
  dir: join(DIST, dirname(BIN)),
  isOutside: outsideTheCommand,
  groups: [
    { name: 'all', test: (id) => forAll.has(id), priority: 2 },
    { name: 'run', test: (id) => forARun.has(id), priority: 1 },
  ],
});
writeFileSync(join(DIST, 'LICENCES.txt'), licences([...library, ...command, ...(await page())]).join('\n---\n\n'));
chmodSync(join(DIST, BIN.replace(/\.ts$/, '.js')), 0o755);
