import { readFileSync } from 'node:fs';
import { ElpisError } from '../../core/errors.js';

/** Where the rows of a feeder come from: a file, read when the feeder is made, or a text. */
export type RowSource = { readonly file: string | URL } | { readonly text: string };

/** The name and the text of a source. */
export function readRows(source: RowSource): { readonly name: string; readonly text: string } {
  if ('text' in source) return { name: 'text', text: source.text };
  const name = String(source.file);
  try {
    return { name, text: readFileSync(source.file, 'utf8') };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ElpisError('ELPIS_SOURCE', `feeder "${name}" can not be read: ${why}`, {
      cause,
      hint: 'a path is relative to where elpis is started; new URL(path, import.meta.url) is relative to a module',
    });
  }
}
