import type { WholeFlaw } from '../../codec/wholly.js';
import type { Chosen } from '../../plugin/chosen.js';
import type { HttpFormat } from './httpFormat.js';
import { jsonFlaw } from './jsonFlaw.js';

/** The options that say where the ammo is. */
export interface HttpSourceOptions {
  readonly file: Chosen<'source'> | undefined;
  readonly uris: readonly string[];
}

/** What is wrong with where the ammo is: exactly one of `file` and `uris`, and `uris` only in the uri format. */
export function httpSourceFlaw({ file, uris }: HttpSourceOptions, format: HttpFormat): WholeFlaw | undefined {
  if (uris.length > 0 && file !== undefined) {
    return { code: 'file-and-uris', expected: 'exactly one of file and uris', hint: 'remove one of them' };
  }
  if (uris.length > 0 && format !== 'uri') {
    return { code: 'bad-value', expected: 'a file; uris is for the uri format', hint: 'use file' };
  }
  if (file !== undefined) return format === 'jsonline' ? jsonFlaw(file) : undefined;
  if (uris.length > 0) return undefined;
  return { code: 'required', expected: format === 'uri' ? 'one of file and uris' : 'the key file' };
}
