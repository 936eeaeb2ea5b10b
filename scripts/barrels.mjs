// The entries of the package, and the sections that their barrels have.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const { name, exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

export const entries = Object.entries(exports)
  .filter(([, target]) => typeof target === 'object')
  .map(([path, { types }]) => ({
    specifier: `${name}${path.slice(1)}`,
    file: types.replace(/^\.\/dist\//, '').replace(/\.d\.ts$/, '.ts'),
  }));

const textOf = (file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

/** The names in an export statement: of `export * from`, those that the other file lists. */
function namesIn(file, names, other) {
  if (other === undefined) {
    const exported = names.split(',').map((each) => each.trim().split(/\s+/).at(-1));
    return exported.filter((each) => each !== '');
  }
  return [...sectionsOf(join(dirname(file), other.replace(/\.js$/, '.ts'))).values()].flat();
}

/** The sections of a barrel (`// -- title`), and the names that it exports in each. */
export function sectionsOf(file) {
  const sections = new Map();
  let section = '';
  const statement = /^\/\/ -- (.+)$|^export (?:type )?\{([^}]*)\}|^export \* from '(.+)'/gm;
  for (const [, heading, names, other] of textOf(file).matchAll(statement)) {
    if (heading !== undefined) section = heading;
    else sections.set(section, [...(sections.get(section) ?? []), ...namesIn(file, names, other)]);
  }
  return sections;
}
