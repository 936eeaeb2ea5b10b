import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';

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

/** The built-in modules, except the one that is replaced, and packages stay outside. */
const isOutside = (id: string): boolean => id !== 'node:test' && /^[^./]/.test(id);

/** Puts the mutants in, `suite.ts` in the place of node:test, and the place of each file into `import.meta.url`. */
const instrument = ({ root, instrumented }: Wanted): Plugin => ({
  name: 'mutants',
  resolveId: {
    filter: { id: /^node:test$/ },
    handler: () => ({ id: resolve(HERE, 'suite.ts') }),
  },
  load: {
    filter: { id: /\.ts$/ },
    handler: (path) => {
      const inside = path.slice(root.length + 1);
      const text = instrumented.get(inside) ?? readFileSync(path, 'utf8');
      const code = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { code, moduleType: 'ts' };
    },
  },
});

/** Builds all spec files at once, in chunks, so that each class exists once in a process whichever specs it loads. */
export async function buildSpecs(wanted: Wanted): Promise<Built> {
  const { root, specs, outdir } = wanted;
  const imported = new Map<string, readonly string[]>();
  const program = await rolldown({
    cwd: root,
    input: {
      worker: resolve(HERE, 'worker.ts'),
      ...Object.fromEntries(specs.map((spec) => [spec.replace(/\.ts$/, ''), resolve(root, spec)])),
    },
    ...{ platform: 'node', external: isOutside, logLevel: 'silent', tsconfig: false },
    // Nothing is left out: a mutant may need what the code as it is does not.
    ...{ treeshake: false, transform: { target: 'node20.19', typescript: { onlyRemoveTypeImports: true } } },
    // Strict: an entry holds nothing that another one imports, which would run the tests of both.
    preserveEntrySignatures: 'strict',
    plugins: [
      instrument(wanted),
      {
        name: 'imported',
        moduleParsed: ({ id, importedIds, dynamicallyImportedIds }) => {
          imported.set(id, [...importedIds, ...dynamicallyImportedIds]);
        },
      },
    ],
  });
  const { output } = await program.write({
    dir: outdir,
    ...{ format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
  });
  await program.close();
  const built = new Map<string, string>();
  for (const each of output)
    if (each.type === 'chunk' && each.isEntry && each.facadeModuleId !== null)
      built.set(relative(root, each.facadeModuleId), resolve(outdir, each.fileName));
  const inputs = new Map<string, ReadonlySet<string>>();
  for (const spec of specs) {
    const reached = new Set<string>();
    const visit = (id: string): void => {
      const file = relative(root, id);
      if (reached.has(file)) return;
      reached.add(file);
      for (const other of imported.get(id) ?? []) if (imported.has(other)) visit(other);
    };
    visit(resolve(root, spec));
    inputs.set(spec, reached);
  }
  const worker = [...built].find(([entry]) => entry.endsWith('scripts/mutants/worker.ts'))?.[1];
  if (worker === undefined) throw new Error('the build holds no worker');
  return { worker, specs: new Map(specs.map((spec) => [spec, String(built.get(spec))])), inputs };
}
