import type { Either } from 'fp-ts/lib/Either.js';
import type { ElpisError } from '../../core/errors.js';
import type { ConfigDocument } from './configDocument.js';
import { jsonDocument } from './jsonDocument.js';
import { yamlDocument } from './yamlDocument.js';

/** Parses the text of a config. A byte order mark at its start is ignored. */
export function parseConfig(name: string, text: string, format: 'yaml' | 'json'): Either<ElpisError, ConfigDocument> {
  const unmarked = text.replace(/^\uFEFF/, '');
  return format === 'json' ? jsonDocument(name, unmarked) : yamlDocument(name, unmarked);
}
