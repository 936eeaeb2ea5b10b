import * as rxjs from 'rxjs';
import * as rxjsOperators from 'rxjs/operators';

/** The public entries of this package, seen from this file: the same from the sources and from `dist`. */
const ENTRIES: Readonly<Record<string, string>> = {
  elpis: '../../index.js',
  'elpis/operators': '../../../operators/index.js',
  'elpis/scenario': '../../scenario/index.js',
  'elpis/testing': '../../testing/index.js',
};

/**
 * What a user's module gets for `elpis` and `rxjs`: the very modules that are running, wherever its file lies and whether
 * or not they are installed beside it. Two copies would not know each other's classes.
 */
export async function ownModules(): Promise<Readonly<Record<string, unknown>>> {
  const load = async ([name, path]: [string, string]): Promise<[string, unknown]> => {
    return [name, await import(new URL(path, import.meta.url).href)];
  };
  const own = await Promise.all(Object.entries(ENTRIES).map(load));
  return { ...Object.fromEntries(own), rxjs, 'rxjs/operators': rxjsOperators };
}
