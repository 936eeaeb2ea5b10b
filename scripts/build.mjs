// npm run build: the declarations by tsc, the JavaScript by esbuild, into dist/.
//
// Two bundles, each with chunks of its own, so that every class exists once in a process:
// - The library: the entries of package.json. RxJS stays outside, so that a user's process has one RxJS.
// - The command line: with RxJS and all else inside, for a quick start, and with the entries of the library as chunks. What
//   users' modules import from `elpis` and `rxjs` is given to them from these chunks (lib/config/modules).
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { entries } from './barrels.mjs';

const DIST = 'dist';
const BIN = 'lib/cli/bin.ts';
/** Pure computation that is needed at once, and of which most can be left out. All other packages stay outside of the library. */
const INSIDE_THE_LIBRARY = ['fp-ts', 'io-ts', 'ix', 'picocolors', 'tslib'];
/** It looks for its compiler beside its own file. */
const OUTSIDE_THE_COMMAND = ['jiti'];
/** What the command shares with users' modules, under these names in `shared` (lib/config/modules). */
const SHARED = ['rxjs', 'rxjs/ajax', 'rxjs/fetch', 'rxjs/operators', 'rxjs/testing', 'rxjs/webSocket'];

/** Takes the builds of packages of which unused parts can be left out. */
const slender = {
  name: 'slender',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^fp-ts\/lib\/\w+\.js$/ }, ({ path, kind, resolveDir }) =>
      resolve(path.replace(/^fp-ts\/lib\/(\w+)\.js$/, 'fp-ts/es6/$1'), { kind, resolveDir }),
    );
  },
};

/** Leaves packages outside. */
const outside = (isOutside) => ({
  name: 'outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      const isPackage = kind !== 'entry-point' && !path.startsWith('node:') && !builtinModules.includes(path);
      return isPackage && isOutside(/^(?:@[^/]+\/)?[^/]+/.exec(path)[0]) ? { path, external: true } : undefined;
    });
  },
});

/** The scripts that sources start as threads, `new URL('./name.js', import.meta.url)`: they lie beside the chunk that starts them. */
function threads() {
  const sources = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return sources.flatMap((file) =>
    [...readFileSync(join('lib', file), 'utf8').matchAll(/new URL\('\.\/([\w-]+)\.js', import\.meta\.url\)/g)].map(
      ([, name]) => ({ in: join('lib', dirname(file), `${name}.ts`), out: `chunks/${name}` }),
    ),
  );
}

async function bundle(options) {
  const { metafile } = await build({
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'neutral', target: 'node20.19' },
    ...{ mainFields: ['module', 'main'], conditions: ['es2015', 'import'] },
    external: ['node:*', ...builtinModules],
    chunkNames: 'chunks/[name]-[hash]',
    ...{ sourcemap: true, sourcesContent: false, metafile: true, logLevel: 'warning' },
    ...options,
  });
  for (const [file, { imports }] of Object.entries(metafile.outputs)) {
    const started = existsSync(file)
      ? readFileSync(file, 'utf8').matchAll(/new URL\("(\.[^"]+\.js)", import\.meta\.url\)/g)
      : [];
    for (const [, path] of started)
      if (!existsSync(join(dirname(file), path)))
        throw new Error(`${file} starts ${path}, which is not there: load its source by import()`);
    for (const { path, external } of imports)
      if (!external && !existsSync(path)) throw new Error(`${file} imports ${path}`);
  }
  return Object.keys(metafile.inputs);
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
  entryPoints: [...entries.map(({ file }) => ({ in: file, out: file.replace(/\.ts$/, '') })), ...threads()],
  outdir: DIST,
  plugins: [outside((name) => !INSIDE_THE_LIBRARY.includes(name)), slender],
});
const command = await bundle({
  entryPoints: [
    { in: BIN, out: basename(BIN, '.ts') },
    ...[...entries.map(({ specifier, file }) => [specifier, file]), ...SHARED.map((name) => [name, name])].map(
      ([specifier, file]) => ({ in: file, out: `shared/${specifier.replaceAll('/', '-')}` }),
    ),
    ...threads(),
  ],
  outdir: join(DIST, dirname(BIN)),
  plugins: [outside((name) => OUTSIDE_THE_COMMAND.includes(name)), slender],
  // Packages in CommonJS ask for what Node has by require.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
});
writeFileSync(join(DIST, 'LICENCES.txt'), licences([...library, ...command]).join('\n---\n\n'));
chmodSync(join(DIST, BIN.replace(/\.ts$/, '.js')), 0o755);
