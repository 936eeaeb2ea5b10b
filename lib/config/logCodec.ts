import { anyCase } from '../codec/anyCase.js';
import { nonEmpty } from '../codec/nonEmpty.js';
import { optional } from '../codec/optional.js';
import { scalar } from '../codec/scalar.js';
import { struct } from '../codec/struct.js';
import { Substituted } from '../codec/substituted.js';
import type { LogLevel } from './config.js';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'dpanic', 'panic', 'fatal'];

const SCHEMA = {
  anyOf: [{ enum: LEVELS }, { type: 'string', pattern: `^(${LEVELS.map(anyCase).join('|')})?$` }],
};

/** A level in any case; empty text is info. */
const level = scalar<LogLevel>({ name: `one of ${LEVELS.join(', ')}`, schema: SCHEMA }, (raw) => {
  const written = raw instanceof Substituted ? raw.text : raw;
  if (typeof written !== 'string') return { code: 'wrong-type' };
  const found = LEVELS.find((known) => known === (written.toLowerCase() || 'info'));
  return found === undefined ? { code: 'one-of' } : { value: found };
});

/** The key `log`. */
export const logCodec = struct('log', {
  level: optional(level, 'info', 'how much is logged'),
  file: optional(nonEmpty, 'stdout', 'stdout, stderr or a path, which is appended to'),
});
