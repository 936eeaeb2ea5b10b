import type { Codec } from './codec.js';

/** Tells what is allowed but probably not meant about a raw value, in words. */
export type Advise = (raw: unknown) => string | undefined;

/** A codec that also has advice about values that it accepts. */
export interface Advised {
  readonly advise?: Advise | undefined;
}

/** Gives a codec advice about values that it accepts. It becomes a warning, never an error. */
export function advised<A>(codec: Codec<A>, advise: Advise | undefined): Codec<A> {
  return advise === undefined ? codec : Object.assign(codec, { advise });
}
