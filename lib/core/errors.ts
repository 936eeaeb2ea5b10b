/** Stable codes of everything that Elpis throws or reports, with the sentence that explains each. See docs/ERRORS.md. */
export const ERROR_CODES = {
  ELPIS_CONFIG: 'The configuration, or an option in code, cannot be used.',
  ELPIS_CONFIG_READ: 'The configuration cannot be read.',
  ELPIS_USAGE: 'The command line, or a model of a target, is invalid.',
  ELPIS_PLUGIN: 'A module or a component of the user cannot be loaded or made.',
  ELPIS_SOURCE: 'A data source cannot be read.',
  ELPIS_AMMO: 'The ammo cannot be read.',
  ELPIS_NO_AMMO: 'The ammo source contains no ammo.',
  ELPIS_SCHEDULE: 'A schedule failed.',
  ELPIS_OPERATOR: 'An operator of the user failed.',
  ELPIS_GUN: 'A gun cannot be made, warmed up or closed.',
  ELPIS_SHOT: 'A shot was impossible, so every further shot would be useless.',
  ELPIS_AGGREGATOR: 'A result failed.',
  ELPIS_SINK: 'A data sink cannot be written.',
  ELPIS_RECORD: 'A record of a run cannot be read.',
  ELPIS_COUNTS: 'Not every planned operation is counted once.',
  ELPIS_SAMPLES_DROPPED: 'Samples were dropped because a result was too slow.',
  ELPIS_THRESHOLDS: 'A threshold of the run was violated.',
  ELPIS_VERDICT: 'The run is no evidence about its target, so it does not succeed.',
  ELPIS_OVERFLOW: 'More operations were due than may wait for an instance.',
  ELPIS_CONTROL: 'A command to a running pool is invalid.',
  ELPIS_STALLED: 'A rehearsal makes no progress.',
  ELPIS_UNCAUGHT: 'An exception or a rejected promise was not handled by the code that made it.',
  ELPIS_SHARE: 'A share of the run, such as a thread, was late, ended by itself or violated the protocol.',
  ELPIS_MESH: 'A run on several machines: NATS cannot be used, too few workers are ready, or a worker was lost.',
  ELPIS_ABANDONED: 'The run did not end after a second signal and was given up.',
  ELPIS_LIMIT: 'The system allows less than the run needs.',
  ELPIS_LISTEN: 'A server of Elpis cannot listen.',
  ELPIS_INTERNAL: 'Elpis itself failed. Please report it.',
} as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** The place of an error in a run. The part of Elpis that has a field sets it. */
export interface ErrorContext {
  /** The id of the pool. */
  readonly pool?: string | undefined;
  /** The component: its kind, such as `gun`, and its name in a config. */
  readonly component?: { readonly kind: string; readonly name: string } | undefined;
  /** The id of the instance. */
  readonly instance?: number | undefined;
  /** The index of the thread, when a run is shared by several. */
  readonly thread?: number | undefined;
  /** `file:line:column` in the source of a module of the user. */
  readonly place?: string | undefined;
}

/** Further fields of an {@link ElpisError}. */
export interface ElpisErrorOptions extends ErrorContext {
  readonly cause?: unknown;
  /** The remedy. */
  readonly hint?: string | undefined;
  /** Further failures of the same run, after this one. */
  readonly also?: readonly ElpisError[] | undefined;
}

const BRAND: unique symbol = Symbol.for('elpis.error');

/**
 * The only error class of Elpis. `code` is stable, so programs can rely on it; `message` is for users.
 *
 * `instanceof` is true for errors of another copy of the package too.
 *
 * @example
 * try {
 *   await lastValueFrom(run('./load.yaml'));
 * } catch (error) {
 *   if (isElpisError(error, 'ELPIS_NO_AMMO')) console.log(error.pool, error.hint);
 * }
 */
export class ElpisError extends Error implements ErrorContext {
  static {
    Object.defineProperty(ElpisError.prototype, BRAND, { value: true });
    Object.defineProperty(ElpisError, Symbol.hasInstance, {
      // A subclass inherits this, and "this" is then the subclass.
      value(this: unknown, error: unknown): boolean {
        return this === ElpisError ? isElpisError(error) : Function.prototype[Symbol.hasInstance].call(this, error);
      },
    });
  }

  override readonly name = 'ElpisError';
  // Declared only: an unknown field is no own property, so that a printed error shows only known fields.
  declare readonly hint?: string | undefined;
  declare readonly pool?: string | undefined;
  declare readonly component?: ErrorContext['component'];
  declare readonly instance?: number | undefined;
  declare readonly thread?: number | undefined;
  declare readonly place?: string | undefined;
  /** Further failures of the same run, after this one. */
  declare readonly also?: readonly ElpisError[] | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    { cause, hint, pool, component, instance, thread, place, also }: ElpisErrorOptions = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    const known = Object.entries({ hint, pool, component, instance, thread, place, also });
    Object.assign(this, Object.fromEntries(known.filter(([, value]) => value !== undefined)));
  }
}

/** True when `error` is an {@link ElpisError}, of the given code if one is given. Survives two copies of the package. */
export function isElpisError(error: unknown, code?: ErrorCode): error is ElpisError {
  return (
    typeof error === 'object' &&
    error !== null &&
    (error as { readonly [BRAND]?: unknown })[BRAND] === true &&
    (code === undefined || (error as { readonly code?: unknown }).code === code)
  );
}
