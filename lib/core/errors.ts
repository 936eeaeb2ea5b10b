/** Stable codes of everything that Elpis throws or reports, with the sentence that explains each. */
export const ERROR_CODES = {
  ELPIS_CONFIG: 'The configuration can not be used.',
  ELPIS_CONFIG_READ: 'The configuration can not be read.',
  ELPIS_USAGE: 'The command line can not be understood.',
  ELPIS_AMMO: 'The ammo can not be read.',
  ELPIS_NO_AMMO: 'The ammo source holds no ammo.',
  ELPIS_SOURCE: 'A data source can not be read.',
  ELPIS_SINK: 'A data sink can not be written.',
  ELPIS_GUN: 'A gun can not be made or warmed up.',
  ELPIS_SHOT: 'A shot was impossible, so every further shot would be useless.',
  ELPIS_SAMPLES_DROPPED: 'Samples were dropped because a reporter could not keep up.',
  ELPIS_OVERFLOW: 'More operations were due than may wait for an instance.',
  ELPIS_CONTROL: 'A command to a running pool can not be followed.',
  ELPIS_OPERATOR: 'An operator of your own failed.',
  ELPIS_PLUGIN: 'A user module can not be loaded.',
  ELPIS_POOL: 'A pool failed.',
  ELPIS_LIMIT: 'The system allows less than the run needs.',
  ELPIS_LISTEN: 'A server of our own can not listen.',
} as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What an {@link ElpisError} may carry besides its message. */
export interface ElpisErrorOptions {
  readonly cause?: unknown;
  /** What the reader can do about it. */
  readonly hint?: string;
}

/**
 * The one error class of Elpis. `code` is stable and safe to test for; `message` is for people.
 *
 * @example
 * try {
 *   await lastValueFrom(run('./load.yaml'));
 * } catch (error) {
 *   if (isElpisError(error, 'ELPIS_NO_AMMO')) console.log(error.hint);
 * }
 */
export class ElpisError extends Error {
  override readonly name = 'ElpisError';
  readonly hint: string | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: ElpisErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
  }
}

/** True when `error` is an {@link ElpisError}, of the given code if one is given. Survives two copies of the package. */
export function isElpisError(error: unknown, code?: ErrorCode): error is ElpisError {
  return (
    error instanceof Error && error.name === 'ElpisError' && (code === undefined || (error as ElpisError).code === code)
  );
}
