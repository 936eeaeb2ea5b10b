import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));

/** What a mutation run is built from. */
export interface Wanted {
  readonly root: string;
  readonly specs: readonly string[];
  /** The sources with their mutants in them, by path from the root. */
  readonly instrumented: ReadonlyMap<string, string>;
  readonly outdir: string;
}

/** What came of it. */
export interface Built {
  /** The program of a worker process. */
  readonly worker: string;
  /** The built file of each spec. */
  readonly specs: ReadonlyMap<string, string>;
  /** The files of the project that a spec imports, itself among them, directly or not. */
  readonly inputs: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Puts the mutants in, `suite.ts` in the place of node:test, and the place of each file into `import.meta.url`. */
const instrument = ({ root, instrumented }: Wanted): Plugin => ({
  name: 'mutants',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:test$/ }, () => ({ path: resolve(HERE, 'suite.ts') }));
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const inside = path.slice(root.length + 1);
      const text = instrumented.get(inside) ?? readFileSync(path, 'utf8');
      const contents = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: 'ts', resolveDir: dirname(path) };
    });
  },
});

/** Builds all spec files at once, in chunks, so that each class exists once in a process whichever specs it loads. */
export async function buildSpecs(wanted: Wanted): Promise<Built> {
  const { root, specs, outdir } = wanted;
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: resolve(HERE, 'worker.ts'), out: 'worker' },
      ...specs.map((spec) => ({ in: resolve(root, spec), out: spec.replace(/\.ts$/, '') })),
    ],
    ...{ outdir, bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20' },
    ...{ packages: 'external', outExtension: { '.js': '.mjs' }, metafile: true, logLevel: 'silent' },
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    plugins: [instrument(wanted)],
  });
  const built = new Map<string, string>();
  for (const [output, { entryPoint }] of Object.entries(metafile.outputs))
    if (entryPoint !== undefined) built.set(entryPoint, resolve(root, output));
  const inputs = new Map<string, ReadonlySet<string>>();
  for (const spec of specs) {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const { path, external } of metafile.inputs[file]?.imports ?? []) if (external !== true) visit(path);
    };
    visit(spec);
    inputs.set(spec, reached);
  }
  const worker = [...built].find(([entry]) => entry.endsWith('scripts/mutants/worker.ts'))?.[1];
  if (worker === undefined) throw new Error('the build holds no worker');
  return { worker, specs: new Map(specs.map((spec) => [spec, String(built.get(spec))])), inputs };
}
