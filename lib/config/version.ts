import { createRequire } from 'node:module';

/** The version in package.json, resolved by the package's own name, from the sources and from `dist`. */
export function version(): string {
  const require = createRequire(import.meta.url);
  return (require('elpis/package.json') as { readonly version: string }).version;
}
