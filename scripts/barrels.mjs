// The entries of the package, and the sections that their barrels have.
import { readFileSync } from 'node:fs';

const { name, exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

export const entries = Object.entries(exports)
  .filter(([, target]) => typeof target === 'object')
  .map(([path, { types }]) => ({
    specifier: `${name}${path.slice(1)}`,
    file: types.replace(/^\.\/dist\//, '').replace(/\.d\.ts$/, '.ts'),
  }));

export function sectionsOf(barrel) {
  const sections = new Map();
  let section = '';
  for (const [, heading, names] of barrel.matchAll(/^\/\/ -- (.+)$|^export (?:type )?\{([^}]*)\}/gm)) {
    if (heading !== undefined) section = heading;
    else {
      const exported = names.split(',').map((each) => each.trim().split(/\s+/).at(-1));
      sections.set(section, [...(sections.get(section) ?? []), ...exported.filter((each) => each !== '')]);
    }
  }
  return sections;
}
