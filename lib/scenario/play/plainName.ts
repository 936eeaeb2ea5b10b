import { ElpisError } from '../../core/errors.js';

const PLAIN = /^[^/\s|]([^/\t\n\r|]*[^/\s|])?$/;

/**
 * A name that can be a part of a tag.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a name that is empty, has spaces at its ends, or holds a slash, `|` or control characters.
 */
export function plainName(what: string, name: string): string {
  if (PLAIN.test(name)) return name;
  throw new ElpisError('ELPIS_CONFIG', `the name of a ${what} is ${JSON.stringify(name)}`, {
    hint: 'names become tags: use a word or two, without / and |',
  });
}
