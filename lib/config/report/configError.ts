import { ElpisError } from '../../core/errors.js';
import type { Problem } from './problem.js';

/** A config that can't be used: the message draws every problem, and `problems` holds them as data. */
export class ConfigError extends ElpisError {
  constructor(
    drawing: string,
    readonly problems: readonly Problem[],
  ) {
    super('ELPIS_CONFIG', drawing);
  }
}
