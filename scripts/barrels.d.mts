/** An entry of the package: what users write, and the source file behind it. */
export interface Entry {
  /** Such as `elpis/operators`. */
  readonly specifier: string;
  /** Such as `operators/index.ts`, from the root of the project. */
  readonly file: string;
}

/** The entries that package.json exports, in its order. */
export const entries: readonly Entry[];

/** Of each section of a barrel (`// -- pacing`), the names exported in it, in order. Those above the first are in ''. */
export function sectionsOf(file: string): ReadonlyMap<string, readonly string[]>;
