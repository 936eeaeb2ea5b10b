import type { Codec } from './codec.js';

/** One key of a {@link struct}: how to read it, what it is when absent, and a sentence about it. */
export interface Field<A> {
  readonly codec: Codec<A>;
  /** What it does, for `elpis plugins` and the editor's schema. */
  readonly doc: string;
  /** Value when the key is absent or null. Without it the key is required. */
  readonly fallback?: { readonly value: A };
  /** How the key is spelled in documentation, when it is not the property in kebab case. */
  readonly key?: string;
}
