import { readFileSync } from 'node:fs';

/** An entry of the package: what users write, and the source file behind it. */
export interface PublicEntry {
  /** Such as `elpis/operators`. */
  readonly specifier: string;
  /** Such as `operators/index.ts`, from the root of the project. */
  readonly file: string;
}

/** The entries that package.json exports, in its order. `root` ends with a slash. */
export function publicEntries(root: string): readonly PublicEntry[] {
  const { name, exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    readonly name: string;
    readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  };
  return Object.entries(exports).flatMap(([path, target]) =>
    typeof target === 'string'
      ? []
      : [
          {
            specifier: `${name}${path.slice(1)}`,
            file: target.types.replace(/^\.\/dist\//, '').replace(/\.d\.ts$/, '.ts'),
          },
        ],
  );
}
